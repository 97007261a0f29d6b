package dev.rustyonions.bus.example.coroutines

import dev.rustyonions.bus.Bus
import dev.rustyonions.bus.Reason
import dev.rustyonions.bus.Receiver
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger

/** Coroutines that receive by a receiver: which dispatcher starves, and what a cancellation frees. */
@Timeout(60) // a hang is a failure
class ReceiverInCoroutinesTest {
    private val patience = Duration.ofSeconds(30)

    private fun awaitWaiting(bus: Bus<*>, count: Int) =
        await().atMost(patience).until { bus.receivers().count { it.waiting() } == count }

    @Test
    fun aHundredThatBlockOnDispatchersIoFillItAndTheRestDoNotBegin() = runBlocking<Unit> {
        val threads = maxOf(64, Runtime.getRuntime().availableProcessors()) // of Dispatchers.IO
        val bus = Bus.create<Int>(16)
        val handled = AtomicInteger()
        val collecting = List(threads + 36) { bus.subscribe() }.map { rx ->
            launch { rx.consumeIn(Dispatchers.IO, { handled.incrementAndGet() }, {}) }
        }
        yield() // to those launched, which ask the dispatcher for a thread
        awaitWaiting(bus, threads)
        bus.publish(1)
        await().atMost(patience).until { handled.get() == threads }
        awaitWaiting(bus, threads)
        assertThat(bus.receivers().count { it.depth() == 1 }).isEqualTo(36)
        bus.close() // frees the threads for the others
        collecting.joinAll()
        assertThat(handled.get()).isEqualTo(threads + 36)
    }

    @Test
    fun aHundredWithVirtualThreadsEachGetEverything() = runBlocking<Unit> {
        val bus = Bus.create<Int>(256)
        val all = List(100) { bus.subscribe() }.map { rx -> async { sum(rx) } }
        yield()
        awaitWaiting(bus, 100)
        (1..200).forEach { bus.publish(it) }
        bus.close()
        assertThat(all.awaitAll()).containsOnly(20_100)
        assertThat(bus.stats().receivers()).isZero()
    }

    private suspend fun sum(rx: Receiver<Int>): Int {
        var sum = 0
        assertThat(rx.consumeIn(virtual, { sum += it }, {})).isEqualTo(Reason.BUS_CLOSED)
        return sum
    }

    @Test
    fun aCancelledCoroutineIsFreedAndItsReceiverClosed() = runBlocking<Unit> {
        Bus.create<Int>(16).use { bus ->
            for (dispatcher in listOf<CoroutineDispatcher>(virtual, Dispatchers.IO)) {
                val rx = bus.subscribe()
                val receiving = launch { rx.consumeIn(dispatcher, {}, {}) }
                yield()
                awaitWaiting(bus, 1)
                receiving.cancelAndJoin()
                assertThat(bus.stats().receivers()).isZero()
            }
        }
    }

    @Test
    fun aHandlerMaySuspend() = runBlocking<Unit> {
        val bus = Bus.builder().capacity(2).overflowWarnPerMinute(0).build<Int>()
        val rx = bus.subscribe()
        bus.publishMany(listOf(1, 2, 3))
        bus.close()
        val seen = ArrayList<String>()
        val reason = rx.collect(
            { event ->
                yield()
                seen.add("event $event")
            },
            { missed ->
                yield()
                seen.add("missed $missed")
            },
        )
        assertThat(seen).containsExactly("missed 1", "event 2", "event 3")
        assertThat(reason).isEqualTo(Reason.BUS_CLOSED)
    }

    @Test
    fun aCoroutineCancelledInAReceiveOrInAHandlerDoesNotGoOnAndItsReceiverIsClosed() =
        runBlocking<Unit> {
            for (dispatcher in listOf(virtual, Dispatchers.Default)) {
                Bus.create<Int>(16).use { bus ->
                    val wentOn = AtomicInteger()
                    val handling = CompletableDeferred<Unit>()
                    val handle: suspend (Int) -> Unit = {
                        handling.complete(Unit)
                        awaitCancellation()
                    }
                    val inReceive = launch(dispatcher) {
                        bus.subscribe().collect(handle) {}
                        wentOn.incrementAndGet()
                    }
                    awaitWaiting(bus, 1)
                    inReceive.cancelAndJoin()
                    assertThat(bus.stats().receivers()).isZero()

                    val inHandler = launch(dispatcher) {
                        bus.subscribe().collect(handle) {}
                        wentOn.incrementAndGet()
                    }
                    awaitWaiting(bus, 1)
                    bus.publish(1)
                    handling.await()
                    inHandler.cancelAndJoin()
                    assertThat(bus.stats().receivers()).isZero()
                    assertThat(wentOn.get()).isZero()
                }
            }
        }

    @Test
    fun whatRunsWhenTheJobIsCompletedIsTooLateToCloseTheReceiver() = runBlocking<Unit> {
        Bus.create<Int>(16).use { bus ->
            val rx = bus.subscribe()
            val receiving = launch(virtual) {
                coroutineContext.job.invokeOnCompletion { rx.close() }
                rx.recv()
            }
            awaitWaiting(bus, 1)
            receiving.cancel()
            assertThat(receiving.isCancelled).isTrue()
            assertThat(receiving.isCompleted).isFalse()
            awaitWaiting(bus, 1) // nothing has freed the thread
            rx.close()
            receiving.join()
        }
    }
}
