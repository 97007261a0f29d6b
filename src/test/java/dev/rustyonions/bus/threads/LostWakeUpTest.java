package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Messages published one at a time, singly and as batches, each just when its receiver is about to park. */
class LostWakeUpTest {
    private static final int MESSAGES = 30_000;

    @EachModeAndThread
    void aMessageThatMeetsAReceiverAboutToParkIsReceived(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.builder(mode, 2).linger(Duration.ofNanos(2_000)).build();
                Receiver<Integer> rx = bus.subscribe()) {
            AtomicInteger about = new AtomicInteger(-1);
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
                                for (int i = 0; i < MESSAGES; i++) {
                                    for (int spins = 1; about.get() < i; spins++) {
                                        if (spins % 1024 == 0) {
                                            Thread.yield();
                                        }
                                    }
                                    // From no delay up to the time it takes to park, in small
                                    // steps.
                                    for (int spins = 0; spins < i % 128; spins++) {
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
        }
    }
}
