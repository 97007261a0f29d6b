package dev.rustyonions.bus.pinning;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Receiver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What runs in the JVM with a single carrier. Prints one line at its end: what was received. */
final class SingleCarrier {
    private static final int EACH = 1000;
    private static final int EVENTS = 20;

    private SingleCarrier() {}

    /** {@code bus}: use every call of a bus; {@code control}: pin the carrier. */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("control")) {
            pin();
            System.out.println("received 0");
            return;
        }
        // Classes are initialized here: a virtual thread that waits for another's initializer pins,
        // which is no doing of the bus.
        use(Mode.CLASSIC, 4);
        use(Mode.EDGE, 4);
        System.out.println(
                "received "
                        + (use(Mode.CLASSIC, EACH)
                                + use(Mode.BATCHED, EACH)
                                + use(Mode.EDGE, EACH)));
    }

    /** Receives, waits in vain, subscribes, closes and asks for totals, in {@code each} threads at a time. */
    private static long use(Mode mode, int each) throws InterruptedException {
        List<Receiver<String>> receivers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        CountDownLatch received = new CountDownLatch(2 * each * EVENTS);
        try (Bus<String> bus =
                Bus.builder().mode(mode).capacity(4096).overflowWarnPerMinute(0).build()) {
            for (int i = 0; i < each; i++) {
                Receiver<String> blocking = bus.subscribe();
                Receiver<String> timed = bus.subscribe();
                Receiver<String> closed = bus.subscribe();
                receivers.addAll(List.of(blocking, timed, closed));
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> blocking.consume(e -> received.countDown(), m -> {})));
                threads.add(Thread.ofVirtual().start(() -> receiveTimed(timed, received)));
                threads.add(Thread.ofVirtual().start(() -> closed.consume(e -> {}, m -> {})));
                threads.add(Thread.ofVirtual().start(closed::close));
                threads.add(Thread.ofVirtual().start(() -> comeAndGo(bus)));
                if (i % 10 == 0) {
                    threads.add(Thread.ofVirtual().start(bus::stats));
                }
            }
            for (int i = 0; i < EVENTS; i++) {
                threads.add(Thread.ofVirtual().start(() -> bus.publish("event")));
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

    private static void receiveTimed(Receiver<String> receiver, CountDownLatch received) {
        for (int messages = 0; messages < EVENTS; ) {
            Polled<String> polled = receiver.recvTimeout(Duration.ofMillis(5));
            if (polled instanceof Message) {
                messages++;
                received.countDown();
            }
        }
    }

    private static void comeAndGo(Bus<String> bus) {
        for (int i = 0; i < 3; i++) {
            try (Receiver<String> receiver = bus.subscribe()) {
                receiver.recvTimeout(Duration.ofNanos(100_000));
            }
        }
    }

    /** Parks inside a monitor, which pins on 21, and inside a class initializer, which pins later as well. */
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
