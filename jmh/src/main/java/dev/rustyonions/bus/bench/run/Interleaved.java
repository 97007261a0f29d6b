package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.Plant;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
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

import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.runner.CompilerHints;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Takes the sides of a comparison in turn, in slices of about a millisecond, in one JVM.
 *
 * <p>A ratio of two times taken seconds apart compares two states of the machine as well. In turn,
 * whatever lasts longer than a pass meets all sides alike: see {@link Slice#ratio}.
 *
 * <p>Each side is a JMH benchmark, called in a loop of its own.
 */
public final class Interleaved {
    /** The column of the result. */
    public static final String NANOS = "ns an operation";

    /** The column of a side's name. */
    public static final String SIDE = "side";

    /** Long enough for the compiler to have done its work beside another load. */
    private static final double WARM_UP_SECONDS = 2;

    private static final int FEWEST_PASSES = 20;
    private static final int PUBLISHES = 50_000;
    private static final int DRAINS = 100;
    private static final int SUBSCRIPTIONS = 4_000;
    private static final int BUSES = 2_000;

    private static final int STREAM_CAPACITY = 4096;
    private static final long STREAM_NANOS = 50_000_000;
    private static final boolean PLANTED_STREAM = Plant.in("stream");

    /** Every pass counts. */
    private static final int ALL = 1;

    /**
     * One pass in so many: a contending thread that is alone for a while is fast, and says nothing
     * of contention.
     */
    private static final int CONTENDED = 4;

    /** One side. */
    @FunctionalInterface
    private interface Side {
        Slice slice() throws Exception;
    }

    /** Something to be timed as a whole. */
    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private record Named(String name, Side side, List<Slice> slices) {}

    private final List<Named> sides = new ArrayList<>();

    /** Which part of the passes counts. */
    private final int oneIn;

    private Interleaved(int oneIn) {
        this.oneIn = oneIn;
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
        Interleaved sides =
                switch (comparison) {
                    case "publish" -> publish();
                    case "drain" -> drain();
                    case "drain-lossless" -> drainLossless();
                    case "submit" -> submit();
                    case "stream-1-1" -> streaming(1, 1);
                    case "stream-1-4" -> streaming(1, 4);
                    case "stream-4-4" -> streaming(4, 4);
                    case "create" -> create();
                    case "subscribe" -> subscribe();
                    case "contended-2" -> contended(2);
                    case "contended-4" -> contended(4);
                    default ->
                            throw new IllegalArgumentException(
                                    "interleaved: \""
                                            + comparison
                                            + "\" is none of publish, drain, drain-lossless,"
                                            + " submit, stream-1-1, stream-1-4, stream-4-4,"
                                            + " create, subscribe, contended-2, contended-4");
                };
        sides.measure(report, comparison, others);
    }

    private static Interleaved publish() throws Exception {
        Interleaved sides = new Interleaved(ALL);
        Blackhole sink = sink();
        PublishFloor floor = new PublishFloor();
        floor.age();
        sides.add(
                "floor",
                PUBLISHES,
                () -> {
                    for (int i = 0; i < PUBLISHES; i++) {
                        sink.consume(floor.publish());
                    }
                });
        sides.idle("none", 0, false, sink);
        sides.idle("idle-8", 8, false, sink);
        sides.idle("lossless-8", 8, true, sink);
        sides.idle("idle-1000", 1_000, false, sink);
        PublishStuck stuck = new PublishStuck();
        stuck.getStuck();
        sides.add(
                "stuck",
                PUBLISHES,
                () -> {
                    for (int i = 0; i < PUBLISHES; i++) {
                        sink.consume(stuck.publish());
                    }
                });
        sides.metrics("metrics", 0, sink);
        sides.metrics("sampled", 1_024, sink);
        return sides;
    }

    private void idle(String name, int receivers, boolean lossless, Blackhole sink) {
        PublishIdle idle = new PublishIdle();
        idle.receivers = receivers;
        idle.lossless = lossless;
        idle.subscribe();
        add(
                name,
                PUBLISHES,
                () -> {
                    for (int i = 0; i < PUBLISHES; i++) {
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
                () -> {
                    for (int i = 0; i < PUBLISHES; i++) {
                        sink.consume(metrics.publish());
                    }
                });
    }

    /** Receives what was put there just before, which is not timed. */
    private static Interleaved drain() throws Exception {
        Interleaved sides = new Interleaved(ALL);
        Blackhole sink = sink();
        sides.drain("bus", new Drain(), sink);
        DrainFloor floor = new DrainFloor();
        floor.age();
        sides.add("floor", floor::publish, () -> sink.consume(floor.walk(sink)));
        DrainDisruptor disruptor = new DrainDisruptor();
        disruptor.gate();
        sides.add("disruptor", disruptor::publish, () -> sink.consume(disruptor.poll(sink)));
        return sides;
    }

    /** Receivers of both kinds in one JVM, which share what the compiler knows of them. */
    private static Interleaved drainLossless() {
        Interleaved sides = new Interleaved(ALL);
        Blackhole sink = sink();
        sides.drain("bus", new Drain(), sink);
        sides.drain("lossless", new Drain(true, 0), sink);
        sides.drain("beside", new Drain(false, 8), sink);
        DrainFloor floor = new DrainFloor();
        floor.age();
        sides.add("floor", floor::publish, () -> sink.consume(floor.walk(sink)));
        return sides;
    }

    private void drain(String name, Drain bus, Blackhole sink) {
        bus.age();
        add(name, bus::publish, () -> sink.consume(bus.drain(sink)));
    }

    /** Publishes into the room that was made just before, which is not timed. */
    private static Interleaved submit() {
        Interleaved sides = new Interleaved(ALL);
        Blackhole sink = sink();
        Submit submit = new Submit();
        submit.age();
        sides.add("submit", submit::makeRoom, () -> sink.consume(submit.submit()));
        Submit publish = new Submit();
        publish.age();
        sides.add("publish", publish::makeRoom, () -> sink.consume(publish.publish()));
        return sides;
    }

    /** Streams to one lossless receiver and to one of the Disruptor, flat out. */
    private static Interleaved streaming(int publishers, int receivers) {
        Interleaved sides = new Interleaved(ALL);
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
                        boolean twice = PLANTED_STREAM && peer.equals(Peers.SUBMIT);
                        return new Slice(twice ? 2 * nanos : nanos, 1);
                    });
        }
        return sides;
    }

    private static Interleaved create() {
        Interleaved sides = new Interleaved(ALL);
        Blackhole sink = sink();
        ColdStart coldStart = new ColdStart();
        sides.add(
                "bus",
                BUSES,
                () -> {
                    for (int i = 0; i < BUSES; i++) {
                        sink.consume(coldStart.create(sink));
                    }
                });
        sides.add(
                "array",
                BUSES,
                () -> {
                    for (int i = 0; i < BUSES; i++) {
                        sink.consume(coldStart.array());
                    }
                });
        return sides;
    }

    private static Interleaved subscribe() {
        Interleaved sides = new Interleaved(ALL);
        for (int alive : new int[] {1, 100_000}) {
            Subscribe subscribe = new Subscribe();
            subscribe.alive = alive;
            subscribe.subscribeOthers();
            sides.add(
                    String.valueOf(alive),
                    SUBSCRIPTIONS,
                    () -> {
                        for (int i = 0; i < SUBSCRIPTIONS; i++) {
                            subscribe.subscribeAndClose();
                        }
                    });
        }
        return sides;
    }

    /**
     * The benchmarks' methods differ in the number of threads that JMH gives them, and in nothing
     * else.
     */
    private static Interleaved contended(int publishers) {
        Interleaved sides = new Interleaved(CONTENDED);
        Contended bus = new Contended();
        bus.age();
        ContendedDisruptor disruptor = new ContendedDisruptor();
        disruptor.age();
        Blackhole sink = sink();
        sides.add(
                "bus",
                new Publishers(
                                publishers,
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

    private void add(String name, int operations, Work work) {
        add(
                name,
                () -> {
                    long begun = System.nanoTime();
                    work.run();
                    return new Slice((double) (System.nanoTime() - begun) / operations, 1);
                });
    }

    /** A side whose every piece of work is prepared, out of the time. */
    private void add(String name, Work prepare, Work work) {
        add(
                name,
                () -> {
                    long nanos = 0;
                    for (int i = 0; i < DRAINS; i++) {
                        prepare.run();
                        long begun = System.nanoTime();
                        work.run();
                        nanos += System.nanoTime() - begun;
                    }
                    return new Slice((double) nanos / DRAINS / Drain.MESSAGES, 1);
                });
    }

    private void measure(Report report, String comparison, Others others) throws Exception {
        passes(WARM_UP_SECONDS);
        sides.forEach(side -> side.slices.clear());
        passes(Settings.measuredSeconds() * sides.size());
        for (Named side : sides) {
            Row row =
                    Row.of("Interleaved")
                            .with("comparison", comparison)
                            .with(SIDE, side.name)
                            .with(NANOS, Slice.nanos(side.slices, oneIn))
                            .with(Others.SHARE, others.share());
            for (Named other : sides) {
                row.with(ratioTo(other.name), Slice.ratio(side.slices, other.slices, oneIn));
            }
            report.add(row);
        }
    }

    /** The column of a side's ratio to another one. */
    public static String ratioTo(String side) {
        return "ratio to " + side;
    }

    /**
     * Takes slices for so many seconds, every second pass in reverse: no side always follows the
     * same one.
     */
    private void passes(double seconds) throws Exception {
        List<Named> order = new ArrayList<>(sides);
        long end = System.nanoTime() + (long) (1e9 * seconds);
        for (int pass = 0; pass < FEWEST_PASSES || System.nanoTime() < end; pass++) {
            for (Named named : order) {
                named.slices.add(named.side.slice());
            }
            Collections.reverse(order);
        }
    }

    private static Blackhole sink() {
        return new Blackhole(
                "Today's password is swordfish. I understand instantiating Blackholes"
                        + " directly is dangerous.");
    }
}
