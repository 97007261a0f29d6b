package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

class ListeningTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Listening listening = new Listening(0);

    @Test
    void looksThatFollowEachOtherAreNoBreak() {
        for (int i = 1; i <= 100; i++) {
            listening.look(i * SECOND, true);
        }
        assertThat(listening.brokenAt()).isZero();
    }

    /** A process that was stopped, or a thread that waited for a receiver. */
    @Test
    void notToLookForLongIsABreakThatEndsWithTheNextLook() {
        listening.look(5, true);
        listening.look(6 + SECOND, true);
        assertThat(listening.brokenAt()).isEqualTo(6 + SECOND);
        listening.look(7 + SECOND, true);
        assertThat(listening.brokenAt()).isEqualTo(6 + SECOND);
    }

    @Test
    void aStreamThatCannotBeReadIsABreakAsLongAsItLasts() {
        listening.look(1, false);
        listening.look(2, false);
        listening.look(3, true);
        assertThat(listening.brokenAt()).isEqualTo(2);
    }
}
