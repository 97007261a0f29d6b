package dev.rustyonions.bus.demo;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ctrl-C as a request to end, which gets its account and its exit status like an end by the clock.
 *
 * <p>The JVM answers Ctrl-C by running its shutdown hooks and then exits with the signal's status,
 * whatever the program has to say. So the hook here asks for the end, waits until the account is
 * made and ends the JVM itself with the account's status.
 */
final class Ending {
    /** Longer than any orderly end takes. */
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    /** From now on Ctrl-C is a request; until then it ends the JVM as usual. */
    void arm() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "ending"));
    }

    private void interrupted() {
        if (status.isDone()) {
            // The exit that follows the account: nothing to wait for.
            return;
        }
        asked.countDown();
        int code;
        try {
            code = status.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            System.err.println("demo: no account: " + e);
            code = 1;
        }
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }

    /** Waits; true as soon as the end is asked for. */
    boolean await(Duration atMost) throws InterruptedException {
        return asked.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Exits with a status, after Ctrl-C or without it. Does not return. */
    void exit(int code) {
        status.complete(code);
        System.exit(code);
    }
}
