package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Crowds of parked threads, round after round. */
class TenThousandParkedTest {

    @EachMode
    void tenThousandVirtualThreadsAllGetEachMessageAndThenTheClose(Mode mode) {
        check(mode, 10_000, 0, Effort.of(2, 8));
    }

    @EachMode
    void bothKindsOfThreadParkedTogetherAllGetEachMessageAndThenTheClose(Mode mode) {
        check(mode, 500, 100, Effort.of(5, 20));
    }

    private static void check(Mode mode, int virtual, int platform, int rounds) {
        int receivers = virtual + platform;
        AtomicIntegerArray got = new AtomicIntegerArray(rounds);
        Bus<Integer> bus = Buses.open(mode, 16);
        List<Task<Reason>> tasks = new ArrayList<>();
        for (int i = 0; i < receivers; i++) {
            Receiver<Integer> rx = bus.subscribe();
            ThreadKind kind = i < virtual ? ThreadKind.VIRTUAL : ThreadKind.PLATFORM;
            tasks.add(Task.start(kind, () -> receive(rx, got)));
        }
        for (int round = 0; round < rounds; round++) {
            tasks.forEach(Task::untilParked);
            assertThat(bus.publish(round)).isEqualTo(receivers);
            int published = round;
            await().atMost(Task.PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> got.get(published) == receivers);
        }
        tasks.forEach(Task::untilParked);
        long woken = (long) receivers * rounds;
        // A park may return for no reason just when the message arrives: that one is not woken.
        assertThat(bus.stats().wakeups()).isBetween(woken - woken / 100, woken);
        bus.close();
        for (Task<Reason> task : tasks) {
            assertThat(task.result()).isEqualTo(Reason.BUS_CLOSED);
        }
        assertThat(bus.stats().missed()).isZero();
    }

    private static Reason receive(Receiver<Integer> rx, AtomicIntegerArray got) {
        int round = 0;
        while (true) {
            switch (rx.recv()) {
                case Message<Integer>(long sequence, Integer event) -> {
                    assertThat(event).isEqualTo(round);
                    got.incrementAndGet(round++);
                }
                case Closed<Integer>(Reason reason) -> {
                    return reason;
                }
                default -> throw new AssertionError("a lag");
            }
        }
    }
}
