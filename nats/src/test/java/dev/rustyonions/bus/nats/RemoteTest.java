package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an import never tells, nobody can make for a test either. */
class RemoteTest {
    @Test
    void aNumberIsNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Remote.Arrived<>("shop", -1, "event"))
                .withMessage("number -1 is negative; numbers start at 0");
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "0, 0", "0, -3"})
    void aLossHasAPlaceAndASize(long from, long missed) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Remote.Lost<>("shop", from, missed, Cause.EXPIRED))
                .withMessage(
                        "from %d, missed %d: from is at least 0 and missed at least 1",
                        from, missed);
    }

    @Test
    @SuppressWarnings("NullAway")
    void nothingIsMissing() {
        refuses("origin", () -> new Remote.Arrived<>(null, 0, "event"));
        refuses("event", () -> new Remote.Arrived<>("shop", 0, null));
        refuses("origin", () -> new Remote.Lost<>(null, 0, 1, Cause.EXPIRED));
        refuses("cause", () -> new Remote.Lost<>("shop", 0, 1, null));
        refuses("origin", () -> new Remote.Restarted<>(null));
        refuses("origin", () -> new Remote.Silent<>(null, true));
    }

    private static void refuses(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(name);
    }
}
