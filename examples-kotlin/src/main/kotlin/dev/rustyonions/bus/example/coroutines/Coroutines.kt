/** A bus for coroutines: as a Flow, or by a receiver whose threads may block. */
package dev.rustyonions.bus.example.coroutines

import dev.rustyonions.bus.Bus
import dev.rustyonions.bus.Closed
import dev.rustyonions.bus.Lagged
import dev.rustyonions.bus.Message
import dev.rustyonions.bus.Reason
import dev.rustyonions.bus.Received
import dev.rustyonions.bus.Receiver
import dev.rustyonions.bus.SubscribeOptions
import dev.rustyonions.bus.flow.BusFlow
import dev.rustyonions.bus.flow.LagException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.retry
import kotlinx.coroutines.jdk9.asFlow
import kotlinx.coroutines.runInterruptible
import java.util.concurrent.Executors

/** Messages, and lags in their place. */
fun <E : Any> Bus<E>.received(options: SubscribeOptions<E>.() -> Unit = {}): Flow<Received<E>> =
    BusFlow.received(this, Thread::startVirtualThread, options).asFlow()

/** The events; a lag ends the Flow by a [LagException]. */
fun <E : Any> Bus<E>.events(options: SubscribeOptions<E>.() -> Unit = {}): Flow<E> =
    BusFlow.events(this, Thread::startVirtualThread, options).asFlow()

/** The events; after a lag the Flow goes on behind what was missed. */
fun <E : Any> Bus<E>.eventsAcrossLags(onLag: (Long) -> Unit): Flow<E> = flow {
    var next: Long? = null // of this collector
    val events = events { next?.let { from(it) } }
    emitAll(
        events.retry { error ->
            if (error is LagException) {
                next = error.from() + error.missed()
                onLag(error.missed())
            }
            error is LagException
        },
    )
}

/** For coroutines that block: each has a virtual thread while it runs. */
val virtual: CoroutineDispatcher = Executors.newVirtualThreadPerTaskExecutor().asCoroutineDispatcher()

/** Receives until the end, in one virtual thread. A cancelled coroutine closes the receiver. */
suspend fun <E : Any> Receiver<E>.consumeIn(
    dispatcher: CoroutineDispatcher,
    onEvent: (E) -> Unit,
    onLag: (Long) -> Unit,
): Reason = runInterruptible(dispatcher) { use { it.consume(onEvent, onLag) } }

/** As above, for handlers that suspend: each receive has a virtual thread, the handlers none. */
suspend fun <E : Any> Receiver<E>.collect(
    onEvent: suspend (E) -> Unit,
    onLag: suspend (Long) -> Unit,
): Reason {
    use {
        while (true) {
            when (val received = runInterruptible(virtual) { recv() }) {
                is Message -> onEvent(received.event())
                is Lagged -> onLag(received.missed())
                is Closed -> return received.reason()
            }
        }
    }
}
