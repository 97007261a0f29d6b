package dev.rustyonions.bus.example.coroutines

import dev.rustyonions.bus.Bus
import dev.rustyonions.bus.Lagged
import dev.rustyonions.bus.Message
import dev.rustyonions.bus.flow.LagException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.time.Duration
import java.util.Collections

/** A bus as a Flow of coroutines. */
@Timeout(60) // a hang is a failure
class EventsAsAFlowTest {
    private val patience = Duration.ofSeconds(30)

    /** Without the log's warnings of lags. */
    private fun bus(capacity: Int): Bus<Int> =
        Bus.builder().capacity(capacity).overflowWarnPerMinute(0).build()

    /** Until so many receivers are listed, and so have their place in the order. */
    private fun awaitSubscribed(bus: Bus<*>, count: Int) =
        await().atMost(patience).until { bus.receivers().size == count }

    private fun awaitNoReceiver(bus: Bus<*>) = await().atMost(patience).until { bus.stats().receivers() == 0 }

    @Test
    fun everyEventIsGivenInOrderAndTheCloseOfTheBusCompletesTheFlow() = runBlocking<Unit> {
        val bus = bus(1024)
        val seen = async(Dispatchers.Default) { bus.events().toList() }
        awaitSubscribed(bus, 1)
        (0..<1000).forEach { bus.publish(it) }
        bus.close()
        assertThat(seen.await()).isEqualTo((0..<1000).toList())
        awaitNoReceiver(bus)
    }

    @Test
    fun aLagEndsAFlowOfEventsByAnErrorWithTheCount() = runBlocking<Unit> {
        bus(2).use { bus ->
            bus.publishMany((0..<5).toList())
            val error = runCatching { bus.events { from(0) }.collect {} }.exceptionOrNull()
            assertThat(error).isInstanceOf(LagException::class.java)
            assertThat((error as LagException).missed()).isEqualTo(3)
            awaitNoReceiver(bus)
        }
    }

    @Test
    fun aLagIsAnElementOfAFlowOfWhatIsReceived() = runBlocking<Unit> {
        val bus = bus(2)
        bus.publishMany((0..<5).toList())
        bus.close()
        assertThat(bus.received { from(0) }.toList())
            .containsExactly(Lagged<Int>(0, 3), Message(3, 3), Message(4, 4))
    }

    @Test
    fun aRetryAfterALagGoesOnBehindWhatWasMissed() = runBlocking<Unit> {
        val bus = bus(2)
        val seen = Collections.synchronizedList(ArrayList<Int>())
        val lags = Collections.synchronizedList(ArrayList<Long>())
        val goOn = CompletableDeferred<Unit>()
        val collecting = launch(Dispatchers.Default) {
            bus.eventsAcrossLags { lags.add(it) }.buffer(Channel.RENDEZVOUS).collect {
                seen.add(it)
                goOn.await()
            }
        }
        awaitSubscribed(bus, 1)
        bus.publish(0)
        await().atMost(patience).until { seen.size == 1 }
        bus.publish(1)
        await().atMost(patience).until { bus.stats().depth() == 0 } // 1 is in the receiver's hand
        bus.publishMany((2..<20).toList())
        bus.close()
        goOn.complete(Unit)
        collecting.join()
        assertThat(seen).containsExactly(0, 1, 18, 19)
        assertThat(lags).containsExactly(16L)
        awaitNoReceiver(bus)
    }

    @Test
    fun aFlowTakesSixtyFourAhead() = assertTakesAhead(64) { it.events() }

    @Test
    fun aFlowWithARendezvousForABufferTakesNoneAhead() =
        assertTakesAhead(1) { it.events().buffer(Channel.RENDEZVOUS) }

    private fun assertTakesAhead(most: Long, flow: (Bus<Int>) -> Flow<Int>) = runBlocking<Unit> {
        bus(256).use { bus ->
            val goOn = CompletableDeferred<Unit>()
            val collecting = launch(Dispatchers.Default) { flow(bus).collect { goOn.await() } }
            awaitSubscribed(bus, 1)
            bus.publishMany((0..<256).toList())
            // those asked for, and one that the receiver has in hand without demand
            await().atMost(patience).until { bus.receivers().first().delivered() == most + 1 }
            collecting.cancelAndJoin()
        }
    }

    @Test
    fun aCancelledCollectorEndsItsReceiver() = runBlocking<Unit> {
        bus(16).use { bus ->
            val collecting = launch(Dispatchers.Default) { bus.events().collect {} }
            await().atMost(patience).until { bus.receivers().count { it.waiting() } == 1 }
            collecting.cancelAndJoin()
            awaitNoReceiver(bus)
        }
    }

    @Test
    fun aLosslessFlowMissesNothingIfPublishersWait() = runBlocking<Unit> {
        val bus = bus(4)
        val seen = async(Dispatchers.Default) { bus.events { lossless() }.toList() }
        awaitSubscribed(bus, 1)
        (0..<5_000).forEach { bus.submit(it) }
        bus.close()
        assertThat(seen.await()).isEqualTo((0..<5_000).toList())
    }

    @Test
    fun aHundredCollectorsAtOnceEachGetEverything() = runBlocking<Unit> {
        val bus = bus(256)
        val all = List(100) { async(Dispatchers.Default) { bus.events().toList() } }
        awaitSubscribed(bus, 100)
        (0..<200).forEach { bus.publish(it) }
        bus.close()
        assertThat(all.awaitAll()).allMatch { it == (0..<200).toList() }
        awaitNoReceiver(bus)
    }
}
