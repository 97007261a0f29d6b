package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/** A limit a minute is exact. */
class PerMinuteTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    @Test
    void aMinuteHasSoManyPermitsAndTheNextAsManyAgain() {
        PerMinute limit = new PerMinute(2);
        long began = Long.MAX_VALUE - 5; // the clock may overflow
        assertThat(limit.permits(began)).isTrue();
        assertThat(limit.permits(began + 1)).isTrue();
        assertThat(limit.permits(began + MINUTE - 1)).isFalse();
        assertThat(limit.permits(began + MINUTE)).isTrue();
        assertThat(limit.permits(began + MINUTE)).isTrue();
        assertThat(limit.permits(began + MINUTE)).isFalse();
    }

    @Test
    void zeroPermitsNothing() {
        assertThat(new PerMinute(0).permits(0)).isFalse();
    }

    @Test
    void aReadingOfTheClockThatIsLateBeginsNoMinute() {
        PerMinute limit = new PerMinute(1);
        assertThat(limit.permits(MINUTE)).isTrue();
        assertThat(limit.permits(0)).isFalse();
    }

    @Test
    void threadsThatBeginAMinuteTogetherGetNoMoreThanTheLimit() throws Exception {
        int threads = 3;
        int minutes = 20_000;
        PerMinute limit = new PerMinute(10);
        CyclicBarrier together = new CyclicBarrier(threads);
        List<Task<int[]>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            tasks.add(Task.start(ThreadKind.PLATFORM, () -> permits(limit, minutes, together)));
        }
        int[] total = new int[minutes];
        for (Task<int[]> task : tasks) {
            int[] own = task.result();
            for (int minute = 0; minute < minutes; minute++) {
                total[minute] += own[minute];
            }
        }
        assertThat(total).containsOnly(10);
    }

    /** How many permits this thread got in each minute, which all threads begin together. */
    private static int[] permits(PerMinute limit, int minutes, CyclicBarrier together)
            throws Exception {
        int[] permits = new int[minutes];
        for (int minute = 0; minute < minutes; minute++) {
            together.await();
            for (int i = 0; i < 40; i++) {
                permits[minute] += limit.permits(minute * MINUTE) ? 1 : 0;
            }
        }
        return permits;
    }
}
