package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Event;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * A worker that fails now and then, and its supervisor, which reports the crash and starts another.
 *
 * <p>The worker adds up numbers given as text. About once a second one of them is malformed, which
 * it does not expect: it dies of the exception. The text it goes through is what keeps the garbage
 * collector busy.
 */
final class SupervisedWorker implements Source {
    private static final int BATCH = 5_000;
    private static final int BATCHES_PER_FAULT = 100;
    private static final long REST_MS = 10;

    private final CountingSender sender;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicBoolean malformed = new AtomicBoolean();
    private final LongAdder total = new LongAdder();
    private final Thread supervisor;

    SupervisedWorker(CountingSender sender) {
        this.sender = sender;
        this.supervisor = Thread.ofVirtual().name("supervisor").start(this::supervise);
    }

    @Override
    public CountingSender sender() {
        return sender;
    }

    private void supervise() {
        try {
            while (stop.getCount() > 0) {
                AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();
                Thread worker =
                        Thread.ofPlatform()
                                .name("worker")
                                .daemon()
                                .uncaughtExceptionHandler((thread, thrown) -> cause.set(thrown))
                                .start(this::work);
                worker.join();
                Throwable thrown = cause.get();
                if (thrown != null) {
                    sender.publish(new Event.ServiceCrashed("worker", thrown.toString()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        try {
            while (!stop.await(REST_MS, TimeUnit.MILLISECONDS)) {
                for (int i = 0; i < BATCH; i++) {
                    total.add(Long.parseLong(record(random)));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String record(ThreadLocalRandom random) {
        String number = Integer.toString(random.nextInt());
        boolean spoilt =
                malformed.getAndSet(false) || random.nextInt(BATCH * BATCHES_PER_FAULT) == 0;
        return spoilt ? number + "?" : number;
    }

    /** Puts a malformed number before the worker. */
    @Override
    public void provoke() {
        malformed.set(true);
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            supervisor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
