package dev.rustyonions.bus.bench.gate;

import dev.rustyonions.bus.bench.run.Allocation;
import dev.rustyonions.bus.bench.run.Memory;
import dev.rustyonions.bus.bench.run.Parked;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One gated figure: how it is measured, its target, and the limit of a run that is not strict. */
final class Figure {
    /** One measurement of a figure. */
    @FunctionalInterface
    private interface Measurement {
        double take(Probes probes) throws Exception;
    }

    /** Processors from which on publishers, carriers and collector have one each. */
    private static final int ROOMY = 4;

    private final String name;
    private final String what;
    private final double target;
    private final double limit;
    private final Measurement measurement;
    private final boolean exact;
    private final boolean gated;
    private final List<Double> values = new ArrayList<>();

    private Figure(
            String name,
            String what,
            double target,
            double limit,
            boolean exact,
            boolean gated,
            Measurement measurement) {
        this.name = name;
        this.what = what;
        this.target = target;
        this.limit = limit;
        this.exact = exact;
        this.gated = gated;
        this.measurement = measurement;
    }

    private static Figure ratio(
            String name, String what, double target, double limit, Measurement measurement) {
        return new Figure(name, what, target, limit, false, true, measurement);
    }

    /** A ratio that is gated only where threads of the figure do not have to share processors. */
    private static Figure roomyRatio(
            String name, String what, double target, double limit, Measurement measurement) {
        boolean roomy = Runtime.getRuntime().availableProcessors() >= ROOMY;
        return new Figure(name, what, target, limit, false, roomy, measurement);
    }

    /** A time, which says as much about the machine as about the bus. */
    private static Figure reported(
            String name, String what, double target, Measurement measurement) {
        return new Figure(name, what, target, target, false, false, measurement);
    }

    private static Figure exact(String name, String what, double target, Measurement measurement) {
        return new Figure(name, what, target, target, true, true, measurement);
    }

    private static List<Figure> all() {
        List<Figure> figures = new ArrayList<>();
        figures.add(
                ratio(
                        "publish",
                        "publish, no receivers, to its floor",
                        1.5,
                        2.0,
                        probes -> idle(probes, 0) / probes.time("PublishFloor.publish")));
        for (int receivers : new int[] {8, 1000}) {
            figures.add(
                    ratio(
                            "publish-idle-" + receivers,
                            "publish, " + receivers + " idle receivers, to none",
                            1.1,
                            1.9,
                            probes -> idle(probes, receivers) / idle(probes, 0)));
        }
        figures.add(
                ratio(
                        "publish-stuck",
                        "publish, one stuck receiver, to none",
                        1.1,
                        1.5,
                        probes -> probes.time("PublishStuck.publish") / idle(probes, 0)));
        figures.add(
                ratio(
                        "publish-metrics",
                        "publish, metrics bound, to not bound",
                        1.02,
                        1.5,
                        probes ->
                                probes.time("PublishMetrics.publish", "sampleEvery", 0)
                                        / idle(probes, 0)));
        figures.add(
                ratio(
                        "publish-sampled",
                        "publish, metrics bound and one in 1024 timed, to not bound",
                        1.05,
                        1.5,
                        probes ->
                                probes.time("PublishMetrics.publish", "sampleEvery", 1024)
                                        / idle(probes, 0)));
        figures.add(
                ratio(
                        "drain",
                        "drain, a message, to its floor",
                        1.5,
                        2.2,
                        probes -> probes.time("Drain.drain") / probes.time("DrainFloor.walk")));
        figures.add(
                ratio(
                        "drain-disruptor",
                        "drain, a message, to LMAX Disruptor's poller",
                        1.0,
                        0.85,
                        probes -> probes.time("Drain.drain") / probes.time("DrainDisruptor.poll")));
        figures.add(
                exact(
                        "allocation-publish",
                        "bytes a publish",
                        24,
                        probes -> probes.row("allocation", Allocation.PUBLISH)));
        figures.add(
                exact(
                        "allocation-receive",
                        "bytes a receive",
                        0,
                        probes -> probes.row("allocation", Allocation.RECEIVE)));
        figures.add(
                ratio(
                        "memory",
                        "bytes of a parked receiver, its thread aside",
                        256,
                        256,
                        probes -> probes.row("memory", Memory.BYTES)));
        figures.add(
                ratio(
                        "create",
                        "Bus.create(256), to copying an array as large as its own",
                        14,
                        14,
                        probes ->
                                probes.time("ColdStart.create") / probes.time("ColdStart.array")));
        figures.add(
                reported(
                        "create-us",
                        "Bus.create(256), microseconds",
                        1,
                        probes -> probes.time("ColdStart.create") / 1e3));
        figures.add(
                ratio(
                        "subscribe",
                        "subscribe and close, 100,000 alive, to 1 alive",
                        2.0,
                        2.3,
                        probes ->
                                probes.time("Subscribe.subscribeAndClose", "alive", 100_000)
                                        / probes.time("Subscribe.subscribeAndClose", "alive", 1)));
        for (int publishers : new int[] {2, 4}) {
            figures.add(
                    roomyRatio(
                            "contended-" + publishers,
                            publishers + " publishers, LMAX Disruptor's rate to ours",
                            1.0,
                            1.3,
                            probes ->
                                    probes.rate("ContendedDisruptor.publishers" + publishers)
                                            / probes.rate("Contended.publishers" + publishers)));
        }
        figures.add(
                roomyRatio(
                        "parked-flat-idle",
                        "publish into 100,000 parked, to 1 parked, carriers idle",
                        2.0,
                        2.4,
                        probes -> probes.parked(100_000, "idle", Parked.FLAT)));
        figures.add(
                ratio(
                        "parked-flat-busy",
                        "publish into 100,000 parked, to 1 parked, carriers busy",
                        2.0,
                        1.7, // below the target: measured is 1, and twice that must show
                        probes -> probes.parked(100_000, "busy", Parked.FLAT)));
        figures.add(
                ratio(
                        "edge",
                        "edge's wake-ups an event, to classic's, at 100,000 events/s",
                        0.1,
                        0.1,
                        Probes::edgeWakeUps));
        for (int n : new int[] {1_000, 10_000}) {
            figures.add(
                    ratio(
                            "parked-served-" + n,
                            "all " + n + " parked served, to unparking all",
                            1.5,
                            2.1,
                            probes -> probes.parked(n, "idle", Parked.SERVED)));
        }
        figures.add(
                roomyRatio(
                        "parked-served-100000",
                        "all 100000 parked served, to unparking all",
                        1.5,
                        2.1,
                        probes -> probes.parked(100_000, "idle", Parked.SERVED)));
        return figures;
    }

    private static double idle(Probes probes, int receivers) throws Exception {
        return probes.time("PublishIdle.publish", "receivers", receivers);
    }

    /** All figures, or those whose names begin with one of {@code only}. */
    static List<Figure> chosen(@Nullable String only) {
        if (only == null) {
            return all();
        }
        List<String> wanted = Arrays.asList(only.split(",", -1));
        List<Figure> figures =
                all().stream()
                        .filter(figure -> wanted.stream().anyMatch(figure.name::startsWith))
                        .toList();
        if (figures.isEmpty()) {
            throw new IllegalArgumentException(
                    "RON_BENCH_ONLY: \""
                            + only
                            + "\" names none of "
                            + all().stream().map(Figure::name).toList());
        }
        return figures;
    }

    void add(Probes probes) throws Exception {
        values.add(measurement.take(probes));
    }

    String name() {
        return name;
    }

    String what() {
        return what;
    }

    double target() {
        return target;
    }

    double limit() {
        return limit;
    }

    boolean isExact() {
        return exact;
    }

    boolean isGated() {
        return gated;
    }

    double median() {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
