package dev.rustyonions.bus.pinning;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EveryCall;
import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What runs in the JVM with a single carrier. Prints one line at its end: what was received by
 * those that were to receive everything.
 */
final class SingleCarrier {
    /** How many threads make every call. */
    static final int CALLERS = 40;

    private SingleCarrier() {}

    /**
     * {@code bus} and how many receivers of each kind there are on a bus: use every call; {@code
     * control}: pin the carrier.
     */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("control")) {
            pin();
            System.out.println("received 0");
            return;
        }
        // Classes are loaded and initialized here, first where no other thread does: a virtual
        // thread that waits for another's loading pins, which is no doing of the bus.
        for (Mode mode : Mode.values()) {
            useAlone(mode);
            use(mode, 4, 1);
        }
        int each = Integer.parseInt(args[1]);
        long received = 0;
        for (Mode mode : Mode.values()) {
            received += use(mode, each, CALLERS);
        }
        System.out.println("received " + received);
    }

    /**
     * Receives, waits in vain, subscribes, closes and scrapes in {@code each} threads at a time,
     * while callers make every call. Nothing is missed.
     */
    private static long use(Mode mode, int each, int callers) throws InterruptedException {
        List<Receiver<Integer>> receivers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        int events = callers * EveryCall.PUBLISHED;
        CountDownLatch received = new CountDownLatch(2 * each * events);
        MeterRegistry registry = new SimpleMeterRegistry();
        try (Bus<Integer> bus = Buses.builder(mode, 4096).epochYield(true).burst(2).build();
                BusMetrics metrics = new BusMetrics(bus)) {
            metrics.bindTo(registry);
            for (int i = 0; i < each; i++) {
                Receiver<Integer> blocking = bus.subscribe();
                Receiver<Integer> timed = bus.subscribe();
                Receiver<Integer> closed = bus.subscribe(o -> o.name("closed"));
                receivers.addAll(List.of(blocking, timed));
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> blocking.consume(e -> received.countDown(), m -> {})));
                threads.add(Thread.ofVirtual().start(() -> receiveTimed(timed, events, received)));
                threads.add(Thread.ofVirtual().start(() -> closed.consume(e -> {}, m -> {})));
                threads.add(Thread.ofVirtual().start(closed::close));
                threads.add(Thread.ofVirtual().start(() -> comeAndGo(bus)));
                threads.add(Thread.ofVirtual().start(() -> scrape(registry)));
            }
            for (int i = 0; i < callers; i++) {
                threads.add(Thread.ofVirtual().start(() -> makeEveryCall(bus)));
                threads.add(Thread.ofVirtual().start(() -> useAlone(mode)));
                threads.add(Thread.ofVirtual().start(() -> scrapeAnew(bus)));
            }
            if (!received.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("no progress: " + received.getCount() + " messages due");
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return receivers.stream().mapToLong(Receiver::delivered).sum();
    }

    private static void receiveTimed(
            Receiver<Integer> receiver, int events, CountDownLatch received) {
        for (int messages = 0; messages < events; ) {
            Polled<Integer> polled = receiver.recvTimeout(Duration.ofMillis(5));
            if (polled instanceof Message) {
                messages++;
                received.countDown();
            }
        }
    }

    private static void comeAndGo(Bus<Integer> bus) {
        for (int i = 0; i < 3; i++) {
            try (Receiver<Integer> receiver = bus.subscribe()) {
                receiver.recvTimeout(Duration.ofNanos(100_000));
            }
        }
    }

    @SuppressWarnings("try") // both are closed twice
    private static void makeEveryCall(Bus<Integer> bus) {
        try (Receiver<Integer> receiver = bus.subscribe();
                Batch<Integer> batch = bus.batch()) {
            EveryCall.make(bus, receiver, batch);
        }
    }

    /**
     * Every call and the metrics of a bus that is so small that the receiver lags, and its close.
     */
    private static void useAlone(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> named = bus.subscribe(o -> o.name("named"))) {
            makeEveryCall(bus);
            scrapeAnew(bus);
            named.drain(1, received -> {});
        }
    }

    // ---- metrics ----

    private static void scrape(MeterRegistry registry) {
        double sum = 0;
        for (Meter meter : registry.getMeters()) {
            for (Measurement measurement : meter.measure()) {
                sum += measurement.getValue();
            }
        }
        if (sum < 2) {
            throw new AssertionError("not even the capacity is shown: " + sum);
        }
    }

    /**
     * Binds, takes a reading that is not another's, and closes; publishers and receivers are
     * sampled meanwhile.
     */
    private static void scrapeAnew(Bus<Integer> bus) {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (BusMetrics metrics = BusMetrics.builder(bus).histograms(1).build()) {
            metrics.bindTo(registry);
            Thread.yield();
            scrape(registry);
        }
    }

    // ---- control ----

    /**
     * Parks inside a monitor, which pins on 21, and inside a class initializer, which pins later as
     * well.
     */
    private static void pin() throws InterruptedException {
        Object monitor = new Object();
        Thread locked =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    synchronized (monitor) {
                                        LockSupport.parkNanos(20_000_000);
                                    }
                                });
        locked.join();
        Thread initializing = Thread.ofVirtual().start(() -> Slow.touch());
        initializing.join();
    }

    private static final class Slow {
        static {
            LockSupport.parkNanos(20_000_000);
        }

        static void touch() {}
    }
}
