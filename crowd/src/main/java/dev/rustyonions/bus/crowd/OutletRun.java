package dev.rustyonions.bus.crowd;

import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One outlet in a process of its own, with its clients in others. Prints its {@link Result} in a
 * line.
 */
final class OutletRun {
    /** Client processes that read to the end; more would only take processor time from it. */
    private static final int READERS = 2;

    private static final List<String> CLIENT_OPTIONS = List.of("-Xmx512m", "-XX:+UseSerialGC");

    /** How long to wait until the outlet has noticed those that have gone. */
    private static final Duration UNTIL_NOTICED = Duration.ofSeconds(30);

    private final Options options;
    private final List<Other> readers = new ArrayList<>();
    private final Outlet outlet;
    private final Other leaving;
    private final Other vanishing;
    private final AtomicInteger published = new AtomicInteger();

    private OutletRun(Options options) throws IOException {
        this.options = options;
        outlet = Outlet.start(options.outlets().getFirst(), options.capacity());
        for (int i = 0; i < READERS; i++) {
            int share = options.reading() / READERS + (i < options.reading() % READERS ? 1 : 0);
            readers.add(clients(i, share, 0, 0));
        }
        leaving = clients(READERS, 0, options.reset(), options.deaf());
        vanishing = clients(READERS + 1, options.vanish(), 0, 0);
    }

    /**
     * Each process comes from an address of its own, since Linux has 28,232 ports for connections
     * of one address to one port.
     */
    private Other clients(int number, int reading, int resetting, int deaf) {
        return new Other(
                Clients.class,
                CLIENT_OPTIONS,
                List.of(
                        String.valueOf(outlet.port()),
                        "127.0.0." + (number + 2),
                        String.valueOf(options.events()),
                        String.valueOf(reading),
                        String.valueOf(resetting),
                        String.valueOf(deaf)));
    }

    public static void main(String[] args) throws Exception {
        System.out.println(new OutletRun(Options.parse(args)).run().line());
        System.exit(0); // one that stands still keeps its threads
    }

    private Result run() {
        long connectNanos = connect();
        System.gc();
        long heapConnected = heap();
        resetPeaks();

        long cpuBefore = cpu();
        long began = System.nanoTime();
        Thread publisher = Thread.ofPlatform().daemon().name("publisher").start(this::publish);
        int stoodStillAt = awaitPublisher(publisher);
        if (stoodStillAt < 0 && published.get() < options.events()) {
            throw new IllegalStateException("the publisher has failed at event " + published.get());
        }
        long last = System.nanoTime();
        int gone = options.clients() - options.reading();
        boolean noticed =
                stoodStillAt < 0
                        && waitFor(() -> outlet.clients() <= options.reading(), UNTIL_NOTICED);
        long goneNanos = noticed ? System.nanoTime() - last : -1;
        int left = gone - (options.clients() - outlet.clients());
        int threads = ManagementFactory.getThreadMXBean().getPeakThreadCount();
        long heapPeak = heapPeak();
        System.gc();
        long heapAfter = heap();

        if (stoodStillAt < 0) {
            outlet.end();
        } else {
            readers.forEach(reader -> reader.say("report"));
        }
        Report got = Report.none();
        for (Other reader : readers) {
            got = got.and(Report.parse(reader.hear()));
        }
        long cpuNanos = cpu() - cpuBefore;
        int leftAtEnd = 0;
        if (stoodStillAt < 0) {
            leaving.close();
            var unused = waitFor(() -> outlet.clients() == 0, UNTIL_NOTICED);
            leftAtEnd = Math.max(0, outlet.clients() - left);
        }
        readers.forEach(Other::close);
        leaving.close();
        vanishing.close();
        return new Result(
                options.outlets().getFirst(),
                connectNanos,
                stoodStillAt,
                published.get(),
                got,
                Math.max(1, got.lastAt() - began) / 1e9,
                goneNanos,
                left,
                leftAtEnd,
                heapConnected,
                heapAfter,
                heapPeak,
                threads,
                cpuNanos);
    }

    /** Waits until all are connected; how long that took from the first to the last. */
    private long connect() {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        List<Other> all = new ArrayList<>(readers);
        all.add(leaving);
        all.add(vanishing);
        for (Other other : all) {
            String[] parts = other.hear().split(" ", -1);
            // A process without clients has no time of its last one.
            if (!parts[2].equals("0")) {
                first = Math.min(first, Long.parseLong(parts[1]));
                last = Math.max(last, Long.parseLong(parts[2]));
            }
        }
        if (!waitFor(() -> outlet.clients() == options.clients(), Duration.ofMinutes(1))) {
            throw new IllegalStateException(
                    outlet.clients() + " of " + options.clients() + " clients are connected");
        }
        return Math.max(last, System.nanoTime()) - first;
    }

    /** At the rate asked for, counted from the beginning: a late one does not delay the others. */
    private void publish() {
        long began = System.nanoTime();
        for (int i = 0; i < options.events(); i++) {
            if (i == options.events() / 4 && options.reset() > 0) {
                leaving.say("reset"); // a process without clients has ended
            }
            if (i == options.events() / 2) {
                vanishing.close();
            }
            if (options.rate() > 0) {
                long due = began + (long) (i * TimeUnit.SECONDS.toNanos(1) / options.rate());
                for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                    LockSupport.parkNanos(due - now);
                }
            }
            outlet.publish(new Event(i, System.nanoTime()));
            published.set(i + 1);
        }
    }

    /** Waits until the publisher ends, or stands still; the event at which it does. */
    private int awaitPublisher(Thread publisher) {
        int before = -1;
        while (true) {
            try {
                if (publisher.join(Duration.ofSeconds(options.patience()))) {
                    return -1;
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            int now = published.get();
            if (now == before) {
                return now;
            }
            before = now;
        }
    }

    private static boolean waitFor(BooleanSupplier condition, Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return true;
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void resetPeaks() {
        ManagementFactory.getThreadMXBean().resetPeakThreadCount();
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** An upper bound: the pools need not have had their peaks at once. */
    private static long heapPeak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }
}
