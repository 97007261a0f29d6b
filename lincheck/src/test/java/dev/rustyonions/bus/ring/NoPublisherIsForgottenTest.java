package dev.rustyonions.bus.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * In no interleaving that the checker tries does a publisher stay parked though there is room, or
 * nobody left to wait for: it reports that as a hang.
 */
class NoPublisherIsForgottenTest {
    private static final int CAPACITY = 2;

    /** A wait for room takes more steps than one for a message: the quick run tries fewer. */
    private static final int INVOCATIONS =
            Effort.FULL ? Effort.INVOCATIONS : Effort.INVOCATIONS / 5;

    /*
     * In static fields, because the checker does not follow what is shared through captured
     * variables only.
     */
    private static Channel channel;
    private static Room room;
    private static TestCursor cursor;

    private final Threads threads = new Threads();

    @Test
    void aMessageTakenWakesThePublisherThatWaits() {
        check(
                () -> {
                    run(() -> assertEquals(2, submit()));
                    run(() -> assertEquals("0 at 0", cursor.tryReceive()));
                });
    }

    @Test
    void twoMessagesTakenWakeTheTwoPublishersThatWait() {
        check(
                () -> {
                    run(() -> submit());
                    run(() -> submit());
                    run(
                            () -> {
                                assertEquals("0 at 0", cursor.tryReceive());
                                assertEquals("1 at 1", cursor.tryReceive());
                            });
                });
    }

    @Test
    void aPublisherWhoseTimeIsUpWakesTheOneBehindIt() {
        check(
                () -> {
                    run(() -> assertEquals(2, submit()));
                    // As at a timeout, which may come at any moment.
                    run(
                            () -> {
                                Room.Place place = new Room.Place(Thread.currentThread(), CAPACITY);
                                room.join(place);
                                room.leave(place);
                            });
                    run(() -> assertEquals("0 at 0", cursor.tryReceive()));
                });
    }

    @Test
    void theEndOfTheReceiverWakesThePublisherThatWaits() {
        check(
                () -> {
                    run(() -> assertEquals(2, submit()));
                    run(() -> channel.evict(cursor.id()));
                });
    }

    @Test
    void theCloseWakesEveryPublisherThatWaits() {
        check(
                () -> {
                    run(() -> assertEquals(Ring.CLOSED, submit()));
                    run(() -> assertEquals(Ring.CLOSED, submit()));
                    run(() -> channel.close());
                });
    }

    private static long submit() {
        return channel.submit("waits", Waiter.FOREVER);
    }

    private void check(Runnable startAll) {
        Lincheck.runConcurrentTest(
                INVOCATIONS,
                () -> {
                    NumberRing ring = new NumberRing(CAPACITY);
                    WaitStack stack = new MonitorStack();
                    room = new MonitorRoom(ring);
                    channel = new Channel(ring, 0, false, stack, stack, room);
                    cursor = new TestCursor(channel, new Start.Now());
                    for (int i = 0; i < CAPACITY; i++) {
                        channel.publish(i);
                    }
                    threads.clear();
                    startAll.run();
                    threads.join();
                });
    }

    private void run(Runnable body) {
        threads.run(body);
    }
}
