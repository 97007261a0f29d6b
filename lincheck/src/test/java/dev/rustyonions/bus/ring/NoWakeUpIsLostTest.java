package dev.rustyonions.bus.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

import java.lang.invoke.VarHandle;

/**
 * In no interleaving that the checker tries does a thread stay parked that should have been woken:
 * it reports that as a hang.
 */
class NoWakeUpIsLostTest {
    /**
     * What can go wrong with a node armed again takes five switches between the threads. The
     * checker tries fewer first and comes to five within so many interleavings. The quick run
     * leaves that to the full one.
     */
    private static final int FIVE_SWITCHES = Effort.FULL ? 10_000 : 0;

    /*
     * In a static field, because the checker does not follow what is shared through captured
     * variables only.
     */
    private static Channel channel;
    private static WaitStack stack;

    private final Threads threads = new Threads();

    @Test
    void aPublishWakesTheParkedReceiver() {
        check(
                () -> {
                    TestCursor cursor = new TestCursor(channel);
                    run(() -> assertEquals("e at 0", cursor.receive()));
                    run(() -> channel.publish("e"));
                });
    }

    @Test
    void aPublishWakesTheReceiverThatWaitsAgain() {
        check(
                () -> {
                    TestCursor cursor = new TestCursor(channel);
                    run(
                            () -> {
                                assertEquals("e at 0", cursor.receive());
                                assertEquals("e at 1", cursor.receive());
                            });
                    run(() -> channel.publish("e"));
                    run(() -> channel.publish("e"));
                });
    }

    @Test
    void aPublishWakesEveryParkedReceiver() {
        check(
                () -> {
                    for (int i = 0; i < 2; i++) {
                        TestCursor cursor = new TestCursor(channel);
                        run(() -> assertEquals("e at 0", cursor.receive()));
                    }
                    run(() -> channel.publish("e"));
                });
    }

    @Test
    void aReceiverThatLeavesPassesOnTheWakeUpsHandedToIt() {
        check(
                () -> {
                    TestCursor cursor = new TestCursor(channel);
                    run(() -> assertEquals("e at 0", cursor.receive()));
                    // As at a timeout, which may come at any moment; and once more in place.
                    run(
                            () -> {
                                WaitNode kept = armAndLeave(null);
                                armAndLeave(kept);
                            });
                    run(() -> channel.publish("e"));
                });
    }

    @Test
    void aReceiverThatWaitsAgainWhileOthersPopIdleNodesIsEnlisted() {
        Lincheck.runConcurrentTest(
                Math.max(Effort.INVOCATIONS, FIVE_SWITCHES),
                () -> {
                    stack = new MonitorStack();
                    WaitNode kept = stack.arm(null, null, 2);
                    kept.moveState(WaitNode.ARMED, WaitNode.IDLE);
                    threads.clear();
                    run(stack::popIdle);
                    WaitNode left = armAndLeave(kept);
                    threads.join();
                    WaitNode again = stack.arm(left, null, 2);
                    stack.wakeIfAny(true);
                    assertFalse(again.isArmed());
                });
    }

    @Test
    void theCloseOfTheBusWakesTheParkedReceiver() {
        check(
                () -> {
                    TestCursor cursor = new TestCursor(channel);
                    run(() -> assertEquals("BUS_CLOSED", cursor.receive()));
                    run(() -> channel.close());
                });
    }

    @Test
    void theCloseOfAReceiverWakesIt() {
        check(
                () -> {
                    TestCursor cursor = new TestCursor(channel);
                    run(() -> assertEquals("RECEIVER_CLOSED", cursor.receive()));
                    run(cursor::unsubscribe);
                });
    }

    @Test
    void theCloseOfAReceiverWakesItAndNoOtherIsForgotten() {
        check(
                () -> {
                    TestCursor closed = new TestCursor(channel);
                    TestCursor other = new TestCursor(channel);
                    run(closed::receive);
                    run(() -> assertEquals("e at 0", other.receive()));
                    run(
                            () -> {
                                closed.unsubscribe();
                                channel.publish("e");
                            });
                });
    }

    private static WaitNode armAndLeave(WaitNode kept) {
        WaitNode node = stack.arm(kept, Thread.currentThread(), 2);
        VarHandle.fullFence();
        return stack.disarm(node);
    }

    private void check(Runnable startAll) {
        Lincheck.runConcurrentTest(
                Effort.INVOCATIONS,
                () -> {
                    stack = new MonitorStack();
                    channel = new Channel(new NumberRing(2), 0, false, stack, stack);
                    threads.clear();
                    startAll.run();
                    threads.join();
                });
    }

    private void run(Runnable body) {
        threads.run(body);
    }
}
