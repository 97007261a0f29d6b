package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

/**
 * The sleep before enlisting: what ends it, and that publishers do nothing for it. With an hour of
 * it, a test that returns ended it.
 */
class LingerTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final Channel channel = new Channel(new NumberRing(4), HOUR, false);
    private final SteppedCursor cursor = new SteppedCursor(channel);

    private Task<Object> lingering(ThreadKind kind, long nanos) {
        return Task.start(
                kind,
                () -> {
                    cursor.await(nanos);
                    return cursor.poll();
                });
    }

    @ParameterizedTest
    @EnumSource
    void aTimeLimitEndsIt(ThreadKind kind) {
        assertThat(lingering(kind, 1_000_000).result()).isEqualTo(NoMessage.EMPTY);
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfTheReceiverEndsIt(ThreadKind kind) {
        Task<Object> task = lingering(kind, Cursor.FOREVER).untilParkedTimed();
        cursor.unsubscribe();
        assertThat(task.result()).isEqualTo(NoMessage.RECEIVER_CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsIt(ThreadKind kind) {
        Task<Object> task = lingering(kind, Cursor.FOREVER).untilParkedTimed();
        task.thread().interrupt();
        assertThat(task.result()).isEqualTo(NoMessage.EMPTY);
    }

    @ParameterizedTest
    @EnumSource
    void aPublishDuringItWakesNobodyAndIsFoundAtItsEnd(ThreadKind kind) {
        Task<Object> task = lingering(kind, Cursor.FOREVER).untilParkedTimed();
        channel.publish("event");
        channel.publish("event");
        assertThat(channel.wakeups()).isZero();
        task.untilParkedTimed();
        task.thread().interrupt();
        assertThat(task.result()).isEqualTo(new NumberRing.Cell(0, "event"));
    }
}
