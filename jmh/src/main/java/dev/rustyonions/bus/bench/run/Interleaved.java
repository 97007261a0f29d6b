package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.Plant;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Rows;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.micro.ColdStart;
import dev.rustyonions.bus.bench.micro.Contended;
import dev.rustyonions.bus.bench.micro.ContendedDisruptor;
import dev.rustyonions.bus.bench.micro.Drain;
import dev.rustyonions.bus.bench.micro.DrainDisruptor;
import dev.rustyonions.bus.bench.micro.DrainFloor;
import dev.rustyonions.bus.bench.micro.PublishFloor;
import dev.rustyonions.bus.bench.micro.PublishIdle;
import dev.rustyonions.bus.bench.micro.PublishMetrics;
import dev.rustyonions.bus.bench.micro.PublishStuck;
import dev.rustyonions.bus.bench.micro.Submit;
import dev.rustyonions.bus.bench.micro.Subscribe;
import dev.rustyonions.bus.bench.peer.Peers;
import dev.rustyonions.bus.bench.stat.Pairs;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.runner.CompilerHints;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * Takes the sides of a comparison in turn, in slices of about a millisecond, in one JVM, each pass
 * in an order of its own.
 *
 * <p>A ratio of two times taken seconds apart compares two states of the machine as well. In turn,
 * whatever lasts longer than a pass meets all sides alike: see {@link Pairs}.
 *
 * <p>Each side is a JMH benchmark, called in a loop of its own.
 */
public final class Interleaved {
    /** The column of the result. */
    public static final String NANOS = "ns an operation";

    /** The column of a side's name. */
    public static final String SIDE = "side";

    /** The column of the slices behind the result, for the JVM that judges them. */
    private static final String SLICES = "slices";

    private static final String QUANTILE = "quantile";
    private static final String ONE_IN = "one in";

    /** Long enough for the compiler to have done its work beside another load. */
    private static final double WARM_UP_SECONDS = 2;

    private static final int FEWEST_PASSES = 20;
    private static final int PUBLISHES = 50_000;
    private static final int DRAINS = 100;
    private static final int SUBSCRIPTIONS = 4_000;
    private static final int BUSES = 2_000;

    private static final int STREAM_CAPACITY = 4096;
    private static final long STREAM_NANOS = 50_000_000;
    private static final double STREAM_SLOWDOWN = Plant.slowdown("stream");

    /** Every pass counts. */
    private static final int ALL = 1;

    /**
     * One pass in so many: a contending thread that is alone for a while is fast, and says nothing
     * of contention.
     */
    private static final int CONTENDED = 4;

    /** One side. */
    @FunctionalInterface
    interface Side {
        Slice slice() throws Exception;
    }

    /** Something to be timed as a whole. */
    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    /** Something to be timed so many times. */
    @FunctionalInterface
    private interface Repeated {
        void run(int times) throws Exception;
    }

    private record Named(String name, Side side, List<Slice> slices) {}

    private final String comparison;
    private final boolean isPlanted;
    private final List<Named> sides = new ArrayList<>();

    /** Which part of the passes counts. */
    private final int oneIn;

    /** Which quantile of each side makes the ratio. */
    private final double quantile;

    /** Sides that one thread takes. */
    private Interleaved(String comparison, boolean isPlanted) {
        this(comparison, isPlanted, ALL, Pairs.LOW);
    }

    private Interleaved(String comparison, boolean isPlanted, int oneIn, double quantile) {
        this.comparison = comparison;
        this.isPlanted = isPlanted;
        this.oneIn = oneIn;
        this.quantile = quantile;
    }

    /** Options of the JVM that measures: its heap, and that {@link Blackhole} costs nothing. */
    public static List<String> options() {
        List<String> options = new ArrayList<>(List.of(Settings.heap()));
        CompilerHints.addCompilerHints(options);
        return options;
    }

    /** Measures the sides of a comparison into the report, a row each. */
    public static void run(Report report, String comparison) throws Exception {
        Others others = Others.fromNow();
        of(comparison, true).measure(report, others);
    }

    /**
     * The sides of a comparison, for a JVM that compares two versions of the library: each takes a
     * slice and returns nanoseconds an operation. Only types of the JDK, which two class loaders
     * share.
     *
     * @param isPlanted whether these sides are those that {@link Plant} slows down
     */
    public static Map<String, Callable<Double>> slices(String comparison, boolean isPlanted)
            throws Exception {
        Map<String, Callable<Double>> slices = new LinkedHashMap<>();
        for (Named side : of(comparison, isPlanted).sides) {
            slices.put(side.name, () -> side.side.slice().nanos());
        }
        return slices;
    }

    /**
     * Takes slices of sides that are no comparison of their own, in turn like those of one, after
     * as long a time to warm up.
     *
     * @param seconds how long all of them are measured together
     * @return the lower quartile of each, in nanoseconds an operation, by their names
     */
    static Map<String, Double> nanos(Map<String, Side> sides, double seconds, Random random)
            throws Exception {
        Interleaved all = new Interleaved("", false);
        sides.forEach(all::add);
        all.passes(Math.min(WARM_UP_SECONDS, seconds), random);
        all.sides.forEach(side -> side.slices.clear());
        all.passes(seconds, random);
        Map<String, Double> nanos = new LinkedHashMap<>();
        all.sides.forEach(side -> nanos.put(side.name, all.pairs(side.slices, null).ratio()));
        return nanos;
    }

    private static Interleaved of(String comparison, boolean isPlanted) throws Exception {
        Interleaved all = new Interleaved(comparison, isPlanted);
        return switch (comparison) {
            case "publish" -> all.publish();
            case "drain" -> all.drain();
            case "drain-lossless" -> all.drainLossless();
            case "receive" -> all.receive();
            case "submit" -> all.submit();
            case "stream-1-1" -> streaming(comparison, 1, 1);
            case "stream-1-4" -> streaming(comparison, 1, 4);
            case "stream-4-4" -> streaming(comparison, 4, 4);
            case "create" -> all.create();
            case "subscribe" -> all.subscribe();
            case "contended-2" -> contended(comparison, isPlanted, 2);
            case "contended-4" -> contended(comparison, isPlanted, 4);
            default ->
                    throw new IllegalArgumentException(
                            "interleaved: \""
                                    + comparison
                                    + "\" is none of publish, drain, drain-lossless, receive,"
                                    + " submit, stream-1-1, stream-1-4, stream-4-4,"
                                    + " create, subscribe, contended-2, contended-4");
        };
    }

    private Interleaved publish() throws Exception {
        Blackhole sink = sink();
        PublishFloor floor = new PublishFloor();
        floor.age();
        add(
                "floor",
                PUBLISHES,
                times -> {
                    for (int i = 0; i < times; i++) {
                        sink.consume(floor.publish());
                    }
                });
        idle("none", 0, false, sink);
        idle("idle-8", 8, false, sink);
        idle("lossless-8", 8, true, sink);
        idle("idle-1000", 1_000, false, sink);
        PublishStuck stuck = new PublishStuck();
        stuck.getStuck();
        add(
                "stuck",
                PUBLISHES,
                times -> {
                    for (int i = 0; i < times; i++) {
                        sink.consume(stuck.publish());
                    }
                });
        metrics("metrics", 0, sink);
        metrics("sampled", 1_024, sink);
        return this;
    }

    private void idle(String name, int receivers, boolean lossless, Blackhole sink) {
        PublishIdle idle = new PublishIdle();
        idle.receivers = receivers;
        idle.lossless = lossless;
        idle.subscribe();
        add(
                name,
                PUBLISHES,
                times -> {
                    for (int i = 0; i < times; i++) {
                        sink.consume(idle.publish());
                    }
                });
    }

    private void metrics(String name, int sampleEvery, Blackhole sink) {
        PublishMetrics metrics = new PublishMetrics();
        metrics.sampleEvery = sampleEvery;
        metrics.bind();
        add(
                name,
                PUBLISHES,
                times -> {
                    for (int i = 0; i < times; i++) {
                        sink.consume(metrics.publish());
                    }
                });
    }

    /** Receives what was put there just before, which is not timed. */
    private Interleaved drain() throws Exception {
        Blackhole sink = sink();
        drain("bus", new Drain(), sink);
        DrainFloor floor = new DrainFloor();
        floor.age();
        add("floor", floor::publish, () -> sink.consume(floor.walk(sink)));
        DrainDisruptor disruptor = new DrainDisruptor();
        disruptor.gate();
        add("disruptor", disruptor::publish, () -> sink.consume(disruptor.poll(sink)));
        return this;
    }

    /** Receivers of both kinds in one JVM, which share what the compiler knows of them. */
    private Interleaved drainLossless() {
        Blackhole sink = sink();
        drain("bus", new Drain(), sink);
        drain("lossless", new Drain(true, 0), sink);
        drain("beside", new Drain(false, 8), sink);
        DrainFloor floor = new DrainFloor();
        floor.age();
        add("floor", floor::publish, () -> sink.consume(floor.walk(sink)));
        return this;
    }

    /** The ways to receive one message, and many. */
    private Interleaved receive() {
        Blackhole sink = sink();
        Drain recv = new Drain();
        recv.age();
        add("recv", recv::publish, () -> recv.recv(sink));
        Drain tryRecv = new Drain();
        tryRecv.age();
        add("tryRecv", tryRecv::publish, () -> sink.consume(tryRecv.tryRecv(sink)));
        Drain recvTimeout = new Drain();
        recvTimeout.age();
        add("recvTimeout", recvTimeout::publish, () -> sink.consume(recvTimeout.recvTimeout(sink)));
        drain("drain", new Drain(), sink);
        return this;
    }

    private void drain(String name, Drain bus, Blackhole sink) {
        bus.age();
        add(name, bus::publish, () -> sink.consume(bus.drain(sink)));
    }

    /** Publishes into the room that was made just before, which is not timed. */
    private Interleaved submit() {
        Blackhole sink = sink();
        Submit submit = new Submit();
        submit.age();
        add("submit", submit::makeRoom, () -> sink.consume(submit.submit()));
        Submit publish = new Submit();
        publish.age();
        add("publish", publish::makeRoom, () -> sink.consume(publish.publish()));
        return this;
    }

    /** Streams to one lossless receiver and to one of the Disruptor, flat out. */
    private static Interleaved streaming(String comparison, int publishers, int receivers) {
        Interleaved sides = new Interleaved(comparison, true, ALL, Pairs.MIDDLE);
        for (String peer : List.of(Peers.SUBMIT, Peers.DISRUPTOR)) {
            Stream stream = new Stream(peer, publishers, receivers, STREAM_CAPACITY, false);
            sides.add(
                    peer,
                    () -> {
                        Outcome outcome = stream.run(Stream.FLAT_OUT, STREAM_NANOS);
                        if (!outcome.isLossless()) {
                            throw new IllegalStateException(peer + " lost messages: " + outcome);
                        }
                        double nanos = 1e9 / outcome.deliveredPerSecond();
                        double slowdown = peer.equals(Peers.SUBMIT) ? STREAM_SLOWDOWN : 1;
                        return new Slice(slowdown * nanos, 1);
                    });
        }
        return sides;
    }

    private Interleaved create() {
        Blackhole sink = sink();
        ColdStart coldStart = new ColdStart();
        add(
                "bus",
                BUSES,
                times -> {
                    for (int i = 0; i < times; i++) {
                        sink.consume(coldStart.create());
                    }
                });
        add(
                "array",
                BUSES,
                times -> {
                    for (int i = 0; i < times; i++) {
                        sink.consume(coldStart.array());
                    }
                });
        return this;
    }

    private Interleaved subscribe() {
        for (int alive : new int[] {1, 100_000}) {
            Subscribe subscribe = new Subscribe();
            subscribe.alive = alive;
            subscribe.subscribeOthers();
            add(
                    String.valueOf(alive),
                    SUBSCRIPTIONS,
                    times -> {
                        for (int i = 0; i < times; i++) {
                            subscribe.subscribeAndClose();
                        }
                    });
        }
        return this;
    }

    /**
     * The benchmarks' methods differ in the number of threads that JMH gives them, and in nothing
     * else.
     */
    private static Interleaved contended(String comparison, boolean isPlanted, int publishers) {
        Interleaved sides = new Interleaved(comparison, isPlanted, CONTENDED, Pairs.MIDDLE);
        Contended bus = new Contended();
        bus.age();
        ContendedDisruptor disruptor = new ContendedDisruptor();
        disruptor.age();
        Blackhole sink = sink();
        sides.add(
                "bus",
                new Publishers(
                                publishers,
                                sides.slowdown("bus"),
                                count -> {
                                    for (int i = 0; i < count; i++) {
                                        sink.consume(bus.publishers2());
                                    }
                                })
                        ::slice);
        sides.add(
                "disruptor",
                new Publishers(
                                publishers,
                                1,
                                count -> {
                                    for (int i = 0; i < count; i++) {
                                        disruptor.publishers2();
                                    }
                                })
                        ::slice);
        return sides;
    }

    private void add(String name, Side side) {
        sides.add(new Named(name, side, new ArrayList<>()));
    }

    private void add(String name, int operations, Repeated work) {
        int times = (int) (operations * slowdown(name));
        add(
                name,
                () -> {
                    long begun = System.nanoTime();
                    work.run(times);
                    return new Slice((double) (System.nanoTime() - begun) / operations, 1);
                });
    }

    /** A side whose every piece of work is prepared, out of the time. */
    private void add(String name, Work prepare, Work work) {
        int times = (int) (DRAINS * slowdown(name));
        add(
                name,
                () -> {
                    long nanos = 0;
                    for (int i = 0; i < times; i++) {
                        prepare.run();
                        long begun = System.nanoTime();
                        work.run();
                        nanos += System.nanoTime() - begun;
                    }
                    return new Slice((double) nanos / DRAINS / Drain.MESSAGES, 1);
                });
    }

    /** How many times its work a side does. */
    private double slowdown(String side) {
        return isPlanted ? Plant.slowdown(comparison + "/" + side) : 1;
    }

    private void measure(Report report, Others others) throws Exception {
        long seed = Settings.seed();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        passes(WARM_UP_SECONDS, random);
        sides.forEach(side -> side.slices.clear());
        passes(Settings.measuredSeconds() * sides.size(), random);
        for (Named side : sides) {
            Row row =
                    Row.of("Interleaved")
                            .with("comparison", comparison)
                            .with(SIDE, side.name)
                            .with(NANOS, pairs(side.slices, null).ratio())
                            .with(Others.SHARE, others.share());
            for (Named other : sides) {
                row.with(ratioTo(other.name), pairs(side.slices, other.slices).ratio());
            }
            if (Rows.isForked()) {
                row.with(QUANTILE, quantile)
                        .with(ONE_IN, oneIn)
                        .with(SLICES, Slice.format(side.slices));
            }
            report.add(row);
        }
    }

    private Pairs pairs(List<Slice> subject, @Nullable List<Slice> baseline) {
        return Slice.pairs(subject, baseline, oneIn, quantile);
    }

    /**
     * The slices behind two rows of a comparison that came from another JVM.
     *
     * @param baseline the side to compare with; null for the times of the subject themselves
     */
    public static Pairs pairs(Row subject, @Nullable Row baseline) {
        return Slice.pairs(
                slices(subject),
                baseline == null ? null : slices(baseline),
                (int) subject.number(ONE_IN),
                subject.number(QUANTILE));
    }

    private static List<Slice> slices(Row row) {
        return Slice.parse(String.valueOf(row.cells().get(SLICES)));
    }

    /** The column of a side's ratio to another one. */
    private static String ratioTo(String side) {
        return "ratio to " + side;
    }

    /** Takes slices for so many seconds, in each pass in another order. */
    private void passes(double seconds, Random random) throws Exception {
        List<Named> order = new ArrayList<>(sides);
        long end = System.nanoTime() + (long) (1e9 * seconds);
        for (int pass = 0; pass < FEWEST_PASSES || System.nanoTime() < end; pass++) {
            Collections.shuffle(order, random);
            for (Named named : order) {
                named.slices.add(named.side.slice());
            }
        }
    }

    static Blackhole sink() {
        return new Blackhole(
                "Today's password is swordfish. I understand instantiating Blackholes"
                        + " directly is dangerous.");
    }
}
