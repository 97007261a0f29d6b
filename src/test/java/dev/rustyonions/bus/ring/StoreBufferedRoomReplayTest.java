package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.ring.Rewired.Calls;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * Store buffering between a publisher that waits and a lossless receiver, played out on the
 * compiled protocol: x86 hides the publisher's, since counting itself is a fence there, and shows
 * the receiver's too seldom for a test.
 */
class StoreBufferedRoomReplayTest {
    private static final Class<?> BUFFERED = StoreBufferedRoom.class;

    private static final Calls POSITION = new Calls("Account", "deliver", "setRelease", BUFFERED);
    private static final Calls COUNT = new Calls("Room", "join", "getAndAdd", BUFFERED);
    private static final Calls ENTRY = new Calls("Room", "join", "add", BUFFERED);

    @Test
    void theFenceMakesThePositionVisibleBeforeTheReceiverReadsWhoWaits() throws Exception {
        assertThat(noticed(StoreBufferedRoom.Step.class, POSITION, fence("signal"))).isTrue();
    }

    @Test
    void withoutAFenceTheReceiversStepIsMissed() throws Exception {
        assertThat(noticed(StoreBufferedRoom.Step.class, POSITION, noFence("signal"))).isFalse();
    }

    @Test
    void theFenceMakesThePublisherVisibleBeforeItLooksForRoom() throws Exception {
        assertThat(noticed(StoreBufferedRoom.Join.class, COUNT, ENTRY, fence("join"))).isTrue();
    }

    @Test
    void withoutAFenceThePublisherInTheQueueIsMissed() throws Exception {
        assertThat(noticed(StoreBufferedRoom.Join.class, COUNT, ENTRY, noFence("join"))).isFalse();
    }

    private static Calls fence(String method) {
        return new Calls("Room", method, "fullFence", BUFFERED);
    }

    private static Calls noFence(String method) {
        return new Calls("Room", method, "fullFence", null);
    }

    private static boolean noticed(Class<?> scenario, Calls... calls) throws Exception {
        Class<?> rewired = new Rewired(List.of(calls)).loadClass(scenario.getName());
        return (boolean) ((Callable<?>) rewired.getConstructor().newInstance()).call();
    }
}
