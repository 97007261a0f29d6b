package dev.rustyonions.bus.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;

/** What a thread beside the one that ends a receiver is told of the end. */
class AnEndIsToldOnceTest {
    /*
     * In static fields, because the checker does not follow what is shared through captured
     * variables only.
     */
    private static Channel channel;
    private static TestCursor cursor;
    private static AtomicInteger told;

    @Test
    void ofTwoWhoEvictOneReceiverOneIsToldThatItHas() {
        check(
                () -> {
                    Threads other = new Threads();
                    other.run(AnEndIsToldOnceTest::evict);
                    evict();
                    other.join();
                    assertEquals(1, told.get());
                });
    }

    private static void evict() {
        if (channel.evict(cursor.id()) != null) {
            told.incrementAndGet();
        }
    }

    private static void check(Runnable body) {
        Lincheck.runConcurrentTest(
                Effort.INVOCATIONS,
                () -> {
                    channel = new Channel(new NumberRing(2), 0, false);
                    cursor = new TestCursor(channel);
                    told = new AtomicInteger();
                    body.run();
                });
    }
}
