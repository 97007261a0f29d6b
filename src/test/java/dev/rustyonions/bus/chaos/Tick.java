package dev.rustyonions.bus.chaos;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An event that knows how many receivers are still to handle it. */
final class Tick {
    private final CountDownLatch open;

    Tick(int receivers) {
        open = new CountDownLatch(receivers);
    }

    void handled() {
        open.countDown();
    }

    /** Waits until every receiver has handled this event; fails if some are stranded. */
    void awaitHandled() throws InterruptedException {
        if (!open.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError(open.getCount() + " receivers are stranded");
        }
    }
}
