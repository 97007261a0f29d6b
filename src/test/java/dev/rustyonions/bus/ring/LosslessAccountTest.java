package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For how long publishers have waited for a receiver, and what that does to it. */
class LosslessAccountTest {
    private static final long PATIENCE = 100;

    private int signals;
    private final LosslessAccount account =
            new LosslessAccount(null, 0, 0, 0, null, () -> signals++, 4, PATIENCE, null);

    private void take() {
        long to = account.positionPlain() + 1;
        account.deliver(to, to);
        account.advanced(to);
    }

    @Test
    void whatAPublisherHasWaitedAddsUpToThePatience() {
        assertThat(account.isPatienceOver(0, 0)).isFalse();
        assertThat(account.isPatienceOver(0, 60)).isFalse();
        assertThat(account.patienceLeft()).isEqualTo(40);
        assertThat(account.isPatienceOver(60, 100)).as("as long as the patience").isFalse();
        assertThat(account.isPatienceOver(100, 101)).isTrue();
        assertThat(account.heldNanos()).isEqualTo(101);
    }

    @Test
    void timeThatTwoPublishersWaitTogetherCountsOnce() {
        assertThat(account.isPatienceOver(0, 0)).isFalse();
        assertThat(account.isPatienceOver(0, 60)).isFalse();
        assertThat(account.isPatienceOver(10, 90)).isFalse();
        assertThat(account.isPatienceOver(60, 100)).isFalse();
        assertThat(account.heldNanos()).isEqualTo(100);
    }

    @Test
    void aMessageTakenGivesAllThePatienceBack() {
        assertThat(account.isPatienceOver(0, 0)).isFalse();
        assertThat(account.isPatienceOver(0, 90)).isFalse();
        take();
        assertThat(account.heldNanos()).isZero();
        assertThat(account.patienceLeft()).isEqualTo(PATIENCE);
        assertThat(account.isPatienceOver(90, 91)).isFalse();
        assertThat(account.isPatienceOver(91, 150)).isFalse();
    }

    @Test
    void aPublisherThatStoodBehindOthersDoesNotChargeTheReceiverWithTheirTurns() {
        assertThat(account.isPatienceOver(0, 0)).isFalse();
        for (int now = 50; now <= 500; now += 50) {
            take(); // for the publisher ahead, which then leaves
            // The next one joined at 0 and looks for the first time as the first of the queue.
            assertThat(account.isPatienceOver(0, now)).as("at %s", now).isFalse();
        }
    }

    @Test
    void patienceWithoutEndIsNeverOver() {
        LosslessAccount patient =
                new LosslessAccount(
                        null, 0, 0, 0, null, () -> {}, 4, LosslessAccount.UNLIMITED, null);
        assertThat(patient.isPatienceOver(0, 0)).isFalse();
        assertThat(patient.isPatienceOver(0, Long.MAX_VALUE)).isFalse();
        assertThat(patient.patienceLeft()).isEqualTo(LosslessAccount.UNLIMITED);
    }

    @ParameterizedTest
    @CsvSource({"65536, 4", "1, 1"})
    void whoIsToldOfFewerMessagesDoesNotHideTheEndOfAStride(int following, int stride) {
        Passing other =
                new Passing() {
                    @Override
                    public void advanced(long position) {}

                    @Override
                    public int stride() {
                        return following;
                    }
                };
        LosslessAccount both =
                new LosslessAccount(null, 0, 0, 0, null, () -> {}, 4, PATIENCE, other);
        assertThat(both.stride()).isEqualTo(stride);
    }

    @Test
    void aReleaseTakesPlaceOnceAndSignals() {
        assertThat(account.isHolding()).isTrue();
        assertThat(account.release()).isTrue();
        assertThat(account.release()).isFalse();
        assertThat(account.isHolding()).isFalse();
        assertThat(account.isLossless()).isFalse();
        assertThat(signals).isEqualTo(1);
    }

    @Test
    void theOwnerSignalsAtTheEndOfEachStrideAndAfterALag() {
        for (int i = 0; i < 8; i++) {
            take();
        }
        assertThat(signals).as("at 4 and at 8").isEqualTo(2);
        take();
        assertThat(signals).as("not at 9").isEqualTo(2);
        account.lagged();
        assertThat(signals).isEqualTo(3);
    }
}
