package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How a thread of a pool waits, and what comes out of a wait that fails. */
class PoolWaitTest {
    private final AtomicInteger waits = new AtomicInteger();

    /** A pool of one thread that may not start another. */
    private static ForkJoinPool poolOfOne() {
        return new ForkJoinPool(
                1,
                ForkJoinPool.defaultForkJoinWorkerThreadFactory,
                null,
                false,
                1,
                1,
                1,
                null,
                60,
                TimeUnit.SECONDS);
    }

    @Test
    void aPoolThatMayStartNoFurtherThreadWaitsWithoutASubstitute() {
        try (ForkJoinPool pool = poolOfOne()) {
            pool.submit(() -> PoolWait.run(waits::incrementAndGet, () -> false)).join();
        }
        assertThat(waits).hasValue(1);
    }

    /** As of a wait that unparks a thread whose scheduler has been shut down. */
    @Test
    void aRefusalThatTheWaitItselfMeetsIsThrownAndTheWaitNotRepeated() {
        try (ForkJoinPool pool = new ForkJoinPool(1)) {
            var task = pool.submit(() -> PoolWait.run(this::refuse, () -> false));
            assertThatThrownBy(task::join).isInstanceOf(RejectedExecutionException.class);
        }
        assertThat(waits).hasValue(1);
    }

    private void refuse() {
        waits.incrementAndGet();
        throw new RejectedExecutionException("planted");
    }
}
