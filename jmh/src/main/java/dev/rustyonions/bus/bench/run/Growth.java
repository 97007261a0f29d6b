package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.bench.Plant;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.stat.PowerLaw;
import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jol.info.GraphLayout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * How the cost of each call grows: with the number of receivers, with the capacity, and with the
 * size of a payload; and how the heap grows with each. To each growth an exponent is fitted: see
 * {@link PowerLaw}.
 *
 * <p>The calls of one growth are measured in turn, at all sizes, in one JVM: see {@link
 * Interleaved}. What wakes parked receivers is measured shot by shot, in turn with a publish into
 * one.
 */
public final class Growth {
    /**
     * The exponent up to which a cost counts as constant. Over three decades it lets through twice
     * the cost, which a call pays that finds its memory in no cache; a logarithm makes it 2.5
     * times.
     */
    private static final double CONSTANT = 0.1;

    /**
     * The exponent up to which a cost counts as proportional: again twice as much over three
     * decades. A product with a logarithm is above it.
     */
    private static final double LINEAR = 1.1;

    private static final String TABLE = "Growth";
    private static final String EXPONENTS = "Growth: exponents";
    private static final String OPERATION = "operation";
    private static final String AGAINST = "against";
    private static final String SIZE = "n";
    private static final String NANOS = "ns";
    private static final String BYTES = "bytes";
    private static final String EXPONENT = "exponent";
    private static final String LIMIT = "at most";
    private static final String RECEIVERS = "receivers";

    /**
     * Reads two counts of each receiver, which nobody can do in a time that grows less than their
     * number. The memory of many receivers is in no cache, and costs several times as much as that
     * of few. So what walks the receivers is judged by its ratio to this.
     */
    private static final String FLOOR = "ask each receiver";

    /** What is judged by its ratio to the floor. */
    private static final Set<String> WALKS = Set.of("stats()", "receivers()");

    /** What a publish into parked receivers costs to one into a single parked receiver. */
    private static final String TO_ONE = "ratio to one";

    private static final int CAPACITY = 1_024;

    /** Messages of a slice in which a receive is timed; fewer where the capacity is smaller. */
    private static final int BATCH = 512;

    /** A receive is timed so often in a slice. */
    private static final int BATCHES = 50;

    private static final int PUBLISHES = 20_000;
    private static final int SUBSCRIPTIONS = 2_000;
    private static final int BUSES = 200;
    private static final int PAYLOADS = 64;

    /** Receivers that an operation which looks at each of them looks at in a slice, about. */
    private static final int LOOKS = 20_000;

    /** Messages that are forgotten when a bus is closed and read to its end. */
    private static final int FORGOTTEN = 4;

    /** Longer than the binder uses a reading that took no time. */
    private static final long READING_NANOS = 110_000_000;

    /** A reading is used for less than so many times as long as it took. */
    private static final int READING_USES = 11;

    private static final int FEWEST_SHOTS = 21;
    private static final int MOST_SHOTS = 150;

    private final Report report;
    private final boolean full;
    private final Random random;
    private final Blackhole sink = Interleaved.sink();

    /** The sides of the growth that is being measured, by operation and size. */
    private final Map<String, Interleaved.Side> sides = new LinkedHashMap<>();

    /** Kept, or a bus would notice that its receivers were abandoned. */
    private final List<Object> alive = new ArrayList<>();

    /** Costs by size, by operation, of the growth that is being measured. */
    private final Map<String, Map<Integer, Double>> costs = new LinkedHashMap<>();

    /** Something to be timed so many times. */
    @FunctionalInterface
    private interface Repeated {
        void run(int times);
    }

    private Growth(Report report, boolean full, Random random) {
        this.report = report;
        this.full = full;
        this.random = random;
    }

    /** Options of the JVM that measures: those of comparisons, with room for all receivers. */
    public static List<String> options() {
        List<String> options = new ArrayList<>(Interleaved.options());
        options.add("-Xmx2g");
        return options;
    }

    /** Measures into the report; {@code full} goes to larger sizes and takes two minutes. */
    public static void run(Report report, boolean full) throws Exception {
        // Records, too: JOL finds their fields' offsets only if told to work them out.
        System.setProperty("jol.magicFieldOffset", "true");
        long seed = Settings.seed();
        System.out.println("seed " + seed);
        Growth growth = new Growth(report, full, new Random(seed));
        growth.withReceivers(full ? sizes(1, 10, 100_000) : sizes(1, 10, 10_000));
        growth.withParked(full ? sizes(1, 10, 100_000) : sizes(1, 10, 1_000));
        growth.withCapacity(full ? sizes(2, 8, 65_536) : sizes(2, 32, 65_536));
        growth.withPayload(full ? sizes(16, 8, 65_536) : sizes(16, 64, 65_536));
        faults(report.rows()).forEach(System.out::println);
    }

    /** The costs of these rows that grow faster than they may, a line for people each. */
    public static List<String> faults(List<Row> rows) {
        List<String> faults = new ArrayList<>();
        for (Row row : rows) {
            if (row.table().equals(EXPONENTS)) {
                double limit = Double.parseDouble(String.valueOf(row.cells().get(LIMIT)));
                if (!(row.number(EXPONENT) <= limit)) {
                    faults.add(
                            String.format(
                                    Locale.ROOT,
                                    "FAULT: %s grows with the %s to the power of %.2f, and may to"
                                            + " that of %s",
                                    row.cells().get(OPERATION),
                                    row.cells().get(AGAINST),
                                    row.number(EXPONENT),
                                    row.cells().get(LIMIT)));
                }
            }
        }
        return faults;
    }

    private static int[] sizes(int from, int times, int to) {
        List<Integer> sizes = new ArrayList<>();
        for (int size = from; size <= to; size *= times) {
            sizes.add(size);
        }
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    // ---- what grows ----

    private void withReceivers(int[] sizes) throws Exception {
        for (int n : sizes) {
            publish(n, bus(CAPACITY, n), new Object[] {new Object()});
            receive("recv", n, bus(CAPACITY, n), BATCH, new Object[] {new Object()});
            receive("tryRecv", n, bus(CAPACITY, n), BATCH, new Object[] {new Object()});
            Bus<Object> watched = bus(CAPACITY, 0);
            List<Receiver<Object>> receivers = receivers(watched, n);
            subscribe(n, watched);
            int times = Math.max(1, LOOKS / n);
            side(FLOOR, n, times, count -> repeat(count, () -> ask(receivers)));
            side("stats()", n, times, count -> repeat(count, watched::stats));
            side("receivers()", n, times, count -> repeat(count, watched::receivers));
            forget(n);
        }
        measure(RECEIVERS, full ? 0.4 : 0.05);
        scrapes(sizes);
        for (int n : sizes) {
            Bus<Object> bus = Bus.create(CAPACITY);
            heap("bus and receivers", n, bus, receivers(bus, n));
        }
        conclude(RECEIVERS, BYTES);
    }

    /**
     * Scrapes each bus once in a round. The binder uses a reading for a while, so a round comes
     * when the readings of the one before are used no more, and each scrape walks the receivers.
     */
    private void scrapes(int[] sizes) {
        List<SimpleMeterRegistry> registries = new ArrayList<>();
        for (int n : sizes) {
            BusMetrics metrics = new BusMetrics(bus(CAPACITY, n));
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            metrics.bindTo(registry);
            alive.add(metrics);
            registries.add(registry);
        }
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            registries.forEach(this::scrape); // warms up
        }
        int rounds = full ? 3 * FEWEST_SHOTS / 2 : FEWEST_SHOTS / 2;
        double[][] nanos = new double[sizes.length][rounds];
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            order.add(i);
        }
        long longest = 0;
        for (int round = -2; round < rounds; round++) {
            long due = System.nanoTime() + Math.max(READING_NANOS, READING_USES * longest);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            longest = 0;
            Collections.shuffle(order, random); // the first one of a round finds cold caches
            for (int i : order) {
                long begun = System.nanoTime();
                scrape(registries.get(i));
                long taken = System.nanoTime() - begun;
                longest = Math.max(longest, taken);
                if (round >= 0) {
                    nanos[i][round] = taken;
                }
            }
        }
        for (int i = 0; i < sizes.length; i++) {
            double cost = lowerQuartile(nanos[i]);
            report.add(row("scrape", RECEIVERS, sizes[i], NANOS, cost));
            add("scrape", sizes[i], cost);
        }
        alive.clear();
        conclude(RECEIVERS, NANOS);
    }

    private void withCapacity(int[] sizes) throws Exception {
        for (int capacity : sizes) {
            int batch = Math.min(BATCH, capacity);
            publish(capacity, bus(capacity, 1), new Object[] {new Object()});
            receive("recv", capacity, bus(capacity, 0), batch, new Object[] {new Object()});
            receive("tryRecv", capacity, bus(capacity, 0), batch, new Object[] {new Object()});
            subscribe(capacity, bus(capacity, 1));
            Bus<Object> watched = bus(capacity, 1);
            side("stats()", capacity, LOOKS, count -> repeat(count, watched::stats));
            side(
                    "create",
                    capacity,
                    Math.max(1, BUSES * BATCH / Math.max(BATCH, capacity)),
                    count -> repeat(count, () -> Bus.create(capacity)));
        }
        measure("capacity", full ? 0.4 : 0.05);
        for (int capacity : sizes) {
            heap("empty bus", capacity, Bus.create(capacity));
        }
        conclude("capacity", BYTES);
    }

    private void withPayload(int[] sizes) throws Exception {
        for (int size : sizes) {
            Object[] payloads = payloads(size);
            publish(size, bus(CAPACITY, 1), payloads);
            receive("recv", size, bus(CAPACITY, 0), BATCH, payloads);
            receive("tryRecv", size, bus(CAPACITY, 0), BATCH, payloads);
        }
        measure("payload", full ? 0.4 : 0.05);
        for (int size : sizes) {
            Bus<Object> bus = Bus.create(PAYLOADS);
            for (Object payload : payloads(size)) {
                bus.publish(payload);
            }
            heap("bus full of payloads", size, bus);
        }
        conclude("payload", BYTES);
    }

    /**
     * Publishes into parked receivers, which no slice of a millisecond can do. The carriers are
     * busy: to wake one that sleeps is a system call, which would be most of the time.
     */
    private void withParked(int[] sizes) throws InterruptedException {
        Parked.warmUp();
        Parked.Load load = new Parked.Load();
        for (int n : sizes) {
            int shots = Math.clamp(100_000 / n, FEWEST_SHOTS, MOST_SHOTS);
            ParkedReceivers crowd = ParkedReceivers.onBus(n, false);
            ParkedReceivers single = ParkedReceivers.onBus(1, false);
            double[] publish = new double[shots];
            double[] one = new double[shots];
            double[] served = new double[shots];
            for (int i = -shots / 3; i < shots; i++) {
                ParkedReceivers.Shot ours = crowd.shoot();
                ParkedReceivers.Shot theirs = single.shoot();
                if (i >= 0) {
                    publish[i] = ours.publishNanos();
                    one[i] = theirs.publishNanos();
                    served[i] = ours.allNanos();
                }
            }
            crowd.end();
            single.end();
            double ratio = lowerQuartile(publish) / lowerQuartile(one);
            report.add(
                    row("publish into parked", RECEIVERS, n, NANOS, lowerQuartile(publish))
                            .with(TO_ONE, ratio));
            add("publish into parked", n, ratio);
            report.add(row("all parked served", RECEIVERS, n, NANOS, lowerQuartile(served)));
            add("all parked served", n, lowerQuartile(served));
        }
        load.end();
        conclude(RECEIVERS, NANOS);
    }

    private static double lowerQuartile(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 4];
    }

    // ---- operations ----

    private void publish(int n, Bus<Object> bus, Object[] events) {
        int mask = events.length - 1;
        side(
                "publish",
                n,
                PUBLISHES,
                times -> {
                    for (int i = 0; i < times; i++) {
                        sink.consume(bus.publish(events[i & mask]));
                    }
                });
    }

    /** Receives what was published just before, which is not timed. */
    private void receive(String operation, int n, Bus<Object> bus, int batch, Object[] events) {
        Receiver<Object> rx = bus.subscribe();
        alive.add(rx);
        // A loop for each, or the compiler would make one of both.
        Repeated receive =
                operation.equals("recv")
                        ? count -> {
                            for (int i = 0; i < count; i++) {
                                take(rx.recv());
                            }
                        }
                        : count -> {
                            for (int i = 0; i < count; i++) {
                                take(rx.tryRecv());
                            }
                        };
        int times = isPlanted(operation) ? planted(n) : 1;
        int mask = events.length - 1;
        sides.put(
                key(operation, n),
                () -> {
                    long nanos = 0;
                    for (int round = 0; round < BATCHES * times; round++) {
                        for (int i = 0; i < batch; i++) {
                            bus.publish(events[i & mask]);
                        }
                        long begun = System.nanoTime();
                        receive.run(batch);
                        nanos += System.nanoTime() - begun;
                    }
                    return new Slice((double) nanos / BATCHES / batch, 1);
                });
    }

    private void take(Object received) {
        if (!(received instanceof Message<?> message)) {
            throw new IllegalStateException("expected a message, got " + received);
        }
        sink.consume(message.event());
    }

    private void subscribe(int n, Bus<Object> bus) {
        side(
                "subscribe and close",
                n,
                SUBSCRIPTIONS,
                count -> {
                    for (int i = 0; i < count; i++) {
                        bus.subscribe().close();
                    }
                });
    }

    /** Closes a bus that forgets, and reads it to its end with all of its receivers. */
    private void forget(int n) {
        int times = isPlanted("close and forget") ? planted(n) : 1;
        sides.put(
                key("close and forget", n),
                () -> {
                    long nanos = 0;
                    for (int round = 0; round < times; round++) {
                        nanos += forgetting(n);
                    }
                    return new Slice(nanos, 1);
                });
    }

    private long forgetting(int n) {
        Bus<Object> bus = Bus.builder().capacity(FORGOTTEN).amnesia(true).build();
        List<Receiver<Object>> all = receivers(bus, n);
        for (int i = 0; i < FORGOTTEN; i++) {
            bus.publish(this);
        }
        long begun = System.nanoTime();
        bus.close();
        for (Receiver<Object> rx : all) {
            while (!(rx.recv() instanceof Closed<Object>)) {
                // a message, which the bus forgets when the last receiver has read it
            }
        }
        return System.nanoTime() - begun;
    }

    private static long ask(List<Receiver<Object>> receivers) {
        long sum = 0;
        for (Receiver<Object> rx : receivers) {
            sum += rx.missed() + rx.depth();
        }
        return sum;
    }

    private void scrape(SimpleMeterRegistry registry) {
        for (Meter meter : registry.getMeters()) {
            for (Measurement measurement : meter.measure()) {
                sink.consume(measurement.getValue());
            }
        }
    }

    private void repeat(int times, Supplier<Object> operation) {
        for (int i = 0; i < times; i++) {
            sink.consume(operation.get());
        }
    }

    /** A bus whose receivers neither read nor wait. */
    private Bus<Object> bus(int capacity, int receivers) {
        Bus<Object> bus = Bus.builder().capacity(capacity).overflowWarnPerMinute(0).build();
        alive.add(receivers(bus, receivers));
        return bus;
    }

    private static List<Receiver<Object>> receivers(Bus<Object> bus, int n) {
        List<Receiver<Object>> receivers = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            receivers.add(bus.subscribe());
        }
        return receivers;
    }

    private static Object[] payloads(int size) {
        Object[] payloads = new Object[PAYLOADS];
        Arrays.setAll(payloads, i -> new byte[size]);
        return payloads;
    }

    // ---- measuring ----

    private void side(String operation, int n, int operations, Repeated work) {
        int times = isPlanted(operation) ? operations * planted(n) : operations;
        sides.put(
                key(operation, n),
                () -> {
                    long begun = System.nanoTime();
                    work.run(times);
                    return new Slice((double) (System.nanoTime() - begun) / operations, 1);
                });
    }

    private static boolean isPlanted(String operation) {
        return Plant.in("growth/" + operation);
    }

    /** How many times its work a planted operation does: a growth by half a power more. */
    private static int planted(int n) {
        return (int) Math.ceil(Math.sqrt(n));
    }

    private static String key(String operation, int n) {
        return operation + "\t" + n;
    }

    /** Takes the sides so far in turn, each for so many seconds, into rows. */
    private void measure(String against, double seconds) throws Exception {
        System.gc(); // puts what was made into the old generation, where a bus spends its life
        Map<String, Double> measured = Interleaved.nanos(sides, seconds * sides.size(), random);
        measured.forEach(
                (key, nanos) -> {
                    String[] parts = key.split("\t", 2);
                    int n = Integer.parseInt(parts[1]);
                    report.add(row(parts[0], against, n, NANOS, nanos));
                    Double floor = measured.get(key(FLOOR, n));
                    if (floor != null && WALKS.contains(parts[0])) {
                        add(parts[0], n, n * nanos / floor);
                    } else if (!parts[0].equals(FLOOR)) {
                        add(parts[0], n, nanos);
                    }
                });
        sides.clear();
        alive.clear();
        conclude(against, NANOS);
    }

    private void heap(String what, int n, Object... roots) {
        add(what, n, (double) GraphLayout.parseInstance(roots).totalSize());
    }

    private void add(String operation, int n, double cost) {
        costs.computeIfAbsent(operation, o -> new LinkedHashMap<>()).put(n, cost);
    }

    /** Fits an exponent to each operation of a growth, and begins the next. */
    private void conclude(String against, String unit) {
        costs.forEach(
                (operation, bySize) -> {
                    if (unit.equals(BYTES)) {
                        bySize.forEach(
                                (n, bytes) -> report.add(row(operation, against, n, BYTES, bytes)));
                    }
                    report.add(
                            Row.of(EXPONENTS)
                                    .with(OPERATION, operation)
                                    .with(AGAINST, against)
                                    .with(EXPONENT, hundredths(exponent(bySize)))
                                    .with(LIMIT, String.valueOf(limit(operation))));
                });
        costs.clear();
    }

    private static double exponent(Map<Integer, Double> bySize) {
        return PowerLaw.exponent(
                bySize.keySet().stream().mapToDouble(Integer::doubleValue).toArray(),
                bySize.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** No exponent is sure to more. */
    private static double hundredths(double exponent) {
        return Math.rint(100 * exponent) / 100;
    }

    private static double limit(String operation) {
        return switch (operation) {
            case "publish", "recv", "tryRecv", "publish into parked" -> CONSTANT;
            default -> LINEAR;
        };
    }

    private static Row row(String operation, String against, int n, String unit, double cost) {
        return Row.of(TABLE)
                .with(OPERATION, operation)
                .with(AGAINST, against)
                .with(SIZE, n)
                .with(unit, cost);
    }
}
