package dev.rustyonions.bus.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Publishes to parked receivers of both kinds of thread while no virtual thread gets a carrier. */
final class BusyCarriers {
    static final int CARRIERS = 2;

    private static final int VIRTUAL = 200;
    private static final int PLATFORM = 4;

    private BusyCarriers() {}

    @SuppressWarnings("try") // the close is the last act that is watched
    public static void main(String[] args) throws Exception {
        try (Bus<Tick> bus = Buses.open(Mode.CLASSIC, 4096)) {
            List<Task<Tick>> virtuals = new ArrayList<>();
            for (int i = 0; i < VIRTUAL; i++) {
                Receiver<Tick> receiver = bus.subscribe();
                virtuals.add(
                        Task.start(
                                ThreadKind.VIRTUAL,
                                () ->
                                        receiver.recv() instanceof Message<Tick> m
                                                ? m.event()
                                                : null));
            }
            List<Follower> platforms = Follower.start(PLATFORM, bus, Thread.ofPlatform().daemon());
            virtuals.forEach(Task::untilParked);

            AtomicBoolean busy = new AtomicBoolean(true);
            CountDownLatch spinning = new CountDownLatch(CARRIERS);
            for (int i = 0; i < CARRIERS; i++) {
                Thread.ofVirtual().start(() -> spin(busy, spinning));
            }
            spinning.await();
            Tick first = publish(bus);
            for (int i = 0; i < 1000; i++) {
                publish(bus);
            }
            assertThat(virtuals).noneMatch(Task::isDone);
            busy.set(false);
            for (Task<Tick> task : virtuals) {
                assertThat(task.result()).isSameAs(first);
            }
            bus.close();
            for (Follower platform : platforms) {
                assertThat(platform.missedAtEnd()).isZero();
            }
        }
        System.out.println("got on");
    }

    private static Tick publish(Bus<Tick> bus) throws InterruptedException {
        Tick tick = new Tick(PLATFORM);
        bus.publish(tick);
        tick.awaitHandled();
        return tick;
    }

    private static void spin(AtomicBoolean busy, CountDownLatch spinning) {
        spinning.countDown();
        while (busy.get()) {
            Thread.onSpinWait();
        }
    }
}
