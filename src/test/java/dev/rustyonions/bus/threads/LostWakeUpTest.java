package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Messages published one at a time, singly and as batches, each just when its receiver is about to
 * park.
 */
class LostWakeUpTest {
    private static final int MESSAGES = Effort.of(10_000, 30_000);

    /** One message in so many is published once the receiver is parked for certain. */
    private static final int PARKED = 64;

    @EachModeAndThread
    void aMessageThatMeetsAReceiverAboutToParkIsReceived(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.builder(mode, 2).linger(Duration.ofNanos(2_000)).build();
                Receiver<Integer> rx = bus.subscribe()) {
            AtomicInteger about = new AtomicInteger(-1);
            // From no delay up to the time it takes to park; with a linger that is slept first.
            int step = mode == Mode.EDGE ? 32 : 1;
            Task<Void> receiving =
                    Task.run(
                            kind,
                            () -> {
                                for (int i = 0; i < MESSAGES; i++) {
                                    about.set(i);
                                    assertThat(rx.recv()).isEqualTo(new Message<>(i, i));
                                }
                            });
            Task<Void> publishing =
                    Task.run(
                            ThreadKind.PLATFORM,
                            () -> {
                                for (int i = 0; i < MESSAGES && !receiving.isDone(); i++) {
                                    awaitAbout(i, about, receiving);
                                    if (i % PARKED == 0) {
                                        receiving.untilParked();
                                    }
                                    for (int spins = i % 128 * step; spins > 0; spins--) {
                                        Thread.onSpinWait();
                                    }
                                    if (i % 2 == 0) {
                                        bus.publish(i);
                                    } else {
                                        bus.publishMany(List.of(i));
                                    }
                                }
                            });
            receiving.result();
            publishing.result();
            assertThat(bus.stats().wakeups()).isGreaterThan(MESSAGES / PARKED / 2);
        }
    }

    private static void awaitAbout(int message, AtomicInteger about, Task<Void> receiving) {
        for (int spins = 1; about.get() < message && !receiving.isDone(); spins++) {
            if (spins % 1024 == 0) {
                Thread.yield();
            }
        }
    }
}
