package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/** The registry of accounts, as receivers come and go. */
class ReceiversTest {
    private final NumberRing ring = new NumberRing(4);
    private final Receivers receivers = new Receivers(ring, ChannelListener.NOBODY);

    /** Keeps all accounts from being abandoned: they refer to it weakly. */
    private final Cursor cursor = new SteppedCursor(new Channel(new NumberRing(2), 0, false));

    private Account subscribe() {
        receivers.enter();
        Account account = new Account(cursor, 0, ring.tail(), ring.tail(), null);
        receivers.add(account);
        receivers.sweep();
        return account;
    }

    /** As the channel does. */
    private void close(Account account) {
        receivers.sweep();
        receivers.end(account, NoMessage.RECEIVER_CLOSED);
    }

    /** Accounts linked from {@code newest} on, which is the head, that have ended. */
    private static int ended(Account newest) {
        int ended = 0;
        for (Account account = newest; account != null; account = account.next) {
            ended += account.isLive() ? 0 : 1;
        }
        return ended;
    }

    private Account furthestBehind() {
        return receivers.furthestBehind(receivers.newest(), null, ring.tail()).account();
    }

    @Test
    void anAccountEndedBetweenTwoLooksAtItHasNothingPending() {
        Account account = subscribe();
        ring.publish("one of the first lap, whose window would begin below 0");
        // As a walk finds it that saw the account alive just before.
        account.settle(0);

        assertThat(receivers.totals(null).missed()).isZero();
        receivers.totals((receiver, shown, missed, depth, waiting) -> assertThat(missed).isZero());
    }

    /** The receiver takes its lag between two reads of the walk. */
    @Test
    void aLossThatIsToldWhileAWalkIsUnderWayCountsOnce() {
        Account account = subscribe();
        for (int i = 0; i < 10; i++) {
            ring.publish(i);
        }
        Totals during =
                receivers.totals(
                        (receiver, shown, missed, depth, waiting) -> {
                            assertThat(missed).isEqualTo(6);
                            assertThat(account.skip(0, 6)).isTrue();
                            receivers.countMissed(account.countMissed(0, 6));
                        });
        assertThat(during.missed()).isEqualTo(6);
        assertThat(receivers.totals(null).missed()).isEqualTo(6);
    }

    @Test
    void subscribingAndClosingAmongTenThousandLivingKeepsTheEndedOnesAFractionOfThem() {
        List<Account> living = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            living.add(subscribe());
        }
        for (int i = 0; i < 200_000; i++) {
            close(subscribe());
            if (i % 20_000 == 0) {
                Account newest = subscribe();
                assertThat(ended(newest)).isLessThan(5_000);
                close(newest);
            }
        }
        assertThat(receivers.count()).isEqualTo(10_000);
        assertThat(living).allMatch(Account::isLive);
        assertThat(linked(subscribe())).containsAll(living);
    }

    private static Deque<Account> linked(Account newest) {
        Deque<Account> linked = new ArrayDeque<>();
        for (Account account = newest; account != null; account = account.next) {
            linked.add(account);
        }
        return linked;
    }

    @Test
    void closingInTheOrderOfSubscriptionOrAgainstItLeavesFewBehind() {
        for (boolean oldestFirst : new boolean[] {true, false}) {
            Deque<Account> living = new ArrayDeque<>();
            for (int i = 0; i < 20_000; i++) {
                living.add(subscribe());
            }
            while (!living.isEmpty()) {
                close(oldestFirst ? living.removeFirst() : living.removeLast());
            }
            assertThat(receivers.count()).isZero();
            Account newest = subscribe();
            assertThat(ended(newest)).isLessThan(20_000 / 2);
            close(newest);
        }
    }

    @Test
    void anAccountIsEndedOnceAndItsPendingLossCountedOnce() {
        Account account = subscribe();
        for (int i = 0; i < 10; i++) {
            ring.publish(i);
        }
        close(account);
        close(account);
        ring.publish(10);
        assertThat(receivers.totals(null).missed()).isEqualTo(6);
        assertThat(receivers.count()).isZero();
        assertThat(account.skip(0, 5)).isFalse();
    }

    /** Looks at the living receivers before its own constructor has ended. */
    private static final class Impatient extends Cursor {
        final List<Object> seen = new ArrayList<>();

        Impatient(Channel channel) {
            super(channel, new Start.Now(), false, "impatient");
            channel.totals(
                    (receiver, account, missed, depth, waiting) ->
                            seen.addAll(
                                    List.of(
                                            Objects.requireNonNull(account.label()),
                                            account.delivered(),
                                            account.filtered(),
                                            missed,
                                            depth)));
        }
    }

    @Test
    void aReceiverWhoseConstructorHasNotEndedIsShownByWhatItsAccountHolds() {
        Impatient late = new Impatient(new Channel(new NumberRing(2), 0, false));
        assertThat(late.seen).containsExactly("impatient", 0L, 0L, 0L, 0);
    }

    @Test
    void theTotalOfMissedNeverGoesBackThoughALossInTransitIsLeftOut() {
        Account account = subscribe();
        for (int i = 0; i < 10; i++) {
            ring.publish(i);
        }
        assertThat(receivers.totals(null).missed()).isEqualTo(6);
        // A lag moves the position first and adds to the total after.
        assertThat(account.skip(0, 7)).isTrue();
        assertThat(receivers.totals(null).missed()).isEqualTo(6);
        receivers.countMissed(6);
        assertThat(receivers.totals(null).missed()).isEqualTo(6);
    }

    @Test
    void depthIsThatOfTheReceiverFurthestBehindAndAtMostTheCapacity() {
        Account first = subscribe();
        ring.publish(0);
        Account second = subscribe();
        ring.publish(1);
        assertThat(receivers.totals(null).depth()).isEqualTo(2);
        assertThat(furthestBehind()).isSameAs(first);
        first.deliver(2, 2);
        assertThat(receivers.totals(null).depth()).isEqualTo(1);
        assertThat(furthestBehind()).isSameAs(second);
        for (int i = 2; i < 10; i++) {
            ring.publish(i);
        }
        assertThat(receivers.totals(null).depth()).isEqualTo(4);
        close(first);
        close(second);
        assertThat(receivers.totals(null).depth()).isZero();
        assertThat(furthestBehind()).isNull();
    }
}
