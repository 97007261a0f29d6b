package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Many publishers that wait for the same room. */
@SuppressWarnings("try") // closed early, so that receivers end
class ManySubmittersTest {
    private record Numbered(int publisher, int number) {}

    /** Receives until the end; fails at a lag and where a publisher's order is not kept. */
    private static long receive(Receiver<Numbered> rx, int publishers, Runnable afterEach) {
        int[] next = new int[publishers];
        Reason reason =
                rx.consume(
                        event -> {
                            assertThat(event.number()).isEqualTo(next[event.publisher()]++);
                            afterEach.run();
                        },
                        missed -> {
                            throw new AssertionError("missed " + missed);
                        });
        assertThat(reason).isEqualTo(Reason.BUS_CLOSED);
        return rx.delivered();
    }

    private static List<Task<Void>> submitters(
            Bus<Numbered> bus, ThreadKind kind, int publishers, int each) {
        return IntStream.range(0, publishers)
                .mapToObj(
                        publisher ->
                                Task.run(
                                        kind,
                                        () -> {
                                            for (int i = 0; i < each; i++) {
                                                long sequence =
                                                        bus.submit(new Numbered(publisher, i));
                                                assertThat(sequence).isNotNegative();
                                            }
                                        }))
                .toList();
    }

    @EachMode
    void aThousandOfThemGetThroughThoughTheWindowIsTwoAndTheReceiverSlow(Mode mode) {
        int publishers = 1000;
        try (Bus<Numbered> bus = Buses.open(mode, 2)) {
            Receiver<Numbered> rx = bus.subscribe(SubscribeOptions::lossless);
            Task<Long> slow =
                    Task.start(
                            ThreadKind.VIRTUAL,
                            () -> receive(rx, publishers, () -> LockSupport.parkNanos(1_000)));
            submitters(bus, ThreadKind.VIRTUAL, publishers, 3).forEach(Task::result);
            bus.close();
            assertThat(slow.result()).isEqualTo(3L * publishers);
            assertThat(bus.stats().publishersWaiting()).isZero();
        }
    }

    @EachModeAndThread
    void tenOfThemAndSixReceiversLoseNothingAndKeepEachOthersOrder(Mode mode, ThreadKind kind) {
        int publishers = 10;
        int each = Effort.of(500, 5_000);
        try (Bus<Numbered> bus = Buses.open(mode, 2)) {
            List<Task<Long>> receivers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Receiver<Numbered> rx = bus.subscribe(SubscribeOptions::lossless);
                receivers.add(Task.start(kind, () -> receive(rx, publishers, () -> {})));
            }
            submitters(bus, kind, publishers, each).forEach(Task::result);
            bus.close();
            assertThat(receivers).extracting(Task::result).containsOnly((long) publishers * each);
            assertThat(bus.stats().missed()).isZero();
        }
    }
}
