package dev.rustyonions.bus.micrometer;

import dev.rustyonions.bus.micrometer.Readings.Named;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The meters of one bus in one registry. */
final class Binding {
    /**
     * Powers of two to a million and over: at most a factor of two off in the estimate of a
     * quantile.
     */
    private static final double[] LAG_BUCKETS = powersOfTwo(20);

    /** Nanoseconds, 1-2-5 from 10 ns to 10 ms. */
    private static final double[] COST_BUCKETS = oneTwoFive(10, 10_000_000);

    /** Nanoseconds, 1-2-5 from 100 ns to 10 s. */
    private static final double[] LATENCY_BUCKETS = oneTwoFive(100, 10_000_000_000L);

    private final MeterRegistry registry;
    private final MeterNames names;
    private final Tags tags;
    private final Readings readings;
    private final List<Meter> meters;

    /** By receiver name. Used by one thread at a time, the one that reconciles. */
    private final Map<String, List<Meter>> receivers = new HashMap<>();

    private final DistributionSummary lagDistance;
    private final @Nullable DistributionSummary publishCost;
    private final @Nullable DistributionSummary latency;

    /**
     * Registers the meters.
     *
     * @param meters where each is noted as soon as it is registered
     */
    Binding(
            MeterRegistry registry,
            MeterNames names,
            Tags tags,
            Readings readings,
            boolean histograms,
            List<Meter> meters) {
        this.meters = meters;
        this.registry = registry;
        this.names = names;
        this.tags = tags;
        this.readings = readings;
        refuseTaken(names.of("publish"));
        counter(
                names.of("publish"),
                null,
                "Events accepted by the bus",
                r -> r.current().stats().published());
        counter(
                names.of("drop.lagged"),
                null,
                "Messages missed by all receivers, living and gone, pending losses included",
                r -> r.current().stats().missed());
        counter(
                names.of("subscriber.wakeups"),
                "wakeups",
                "Times a parked receiver was woken",
                r -> r.current().stats().wakeups());
        gauge(
                names.of("ring.depth"),
                null,
                "Messages not yet read by the receiver furthest behind",
                r -> r.current().stats().depth());
        gauge(
                names.of("capacity"),
                null,
                "Messages the bus retains",
                r -> r.current().stats().capacity());
        gauge(
                names.of("subscribers"),
                "subscribers",
                "Receivers subscribed",
                r -> r.current().stats().receivers());
        if (names.legacy()) {
            counter(
                    MeterNames.LEGACY_DROPPED,
                    null,
                    "Messages missed by all receivers; older name of drop.lagged",
                    r -> r.current().stats().missed());
            gauge(
                    MeterNames.LEGACY_DEPTH,
                    null,
                    "Messages not yet read by the receiver furthest behind; older name of ring.depth",
                    r -> r.current().stats().depth());
        }
        lagDistance =
                histogram(
                        names.of("lag.distance"), null, "Messages missed in one lag", LAG_BUCKETS);
        publishCost =
                histograms
                        ? histogram(
                                names.of("publish.ns"),
                                "ns",
                                "Nanoseconds that a sampled publish took its thread",
                                COST_BUCKETS)
                        : null;
        latency =
                histograms
                        ? histogram(
                                names.of("end.to.end.latency.ns"),
                                "ns",
                                "Nanoseconds from publish to receive of a sampled message",
                                LATENCY_BUCKETS)
                        : null;
    }

    /**
     * Registering a meter that is there already gives back the other one, which would then show
     * only the first bus.
     */
    private void refuseTaken(String name) {
        if (registry.find(name).tags(tags).meter() != null) {
            throw new IllegalStateException(
                    "the registry has a meter "
                            + name
                            + " with "
                            + tags
                            + " already; give each bus a name of its own with BusBuilder.name, or"
                            + " close the metrics bound before");
        }
    }

    // ---- meters ----

    private void counter(
            String name,
            @Nullable String unit,
            String description,
            ToDoubleFunction<Readings> value) {
        meters.add(
                FunctionCounter.builder(name, readings, value)
                        .tags(tags)
                        .baseUnit(unit)
                        .description(description)
                        .register(registry));
    }

    private void gauge(
            String name,
            @Nullable String unit,
            String description,
            ToDoubleFunction<Readings> value) {
        meters.add(
                Gauge.builder(name, readings, value)
                        .tags(tags)
                        .baseUnit(unit)
                        .description(description)
                        .register(registry));
    }

    private DistributionSummary histogram(
            String name, @Nullable String unit, String description, double[] buckets) {
        DistributionSummary summary =
                DistributionSummary.builder(name)
                        .tags(tags)
                        .baseUnit(unit)
                        .description(description)
                        .serviceLevelObjectives(buckets)
                        .register(registry);
        meters.add(summary);
        return summary;
    }

    // ---- receivers ----

    /** Gives each of these names its meters and removes those of all others. */
    void show(Set<String> living) {
        receivers
                .entrySet()
                .removeIf(
                        entry -> {
                            boolean gone = !living.contains(entry.getKey());
                            if (gone) {
                                entry.getValue().forEach(registry::remove);
                            }
                            return gone;
                        });
        for (String name : living) {
            receivers.computeIfAbsent(name, this::metersOf);
        }
    }

    private List<Meter> metersOf(String name) {
        Tags own = tags.and("receiver", name);
        Named none = new Named(0, 0);
        return List.of(
                Gauge.builder(
                                names.of("receiver.depth"),
                                readings,
                                r -> r.current().named().getOrDefault(name, none).depth())
                        .tags(own)
                        .description("Messages not yet read by the receiver of this name")
                        .register(registry),
                FunctionCounter.builder(
                                names.of("receiver.missed"),
                                readings,
                                r -> r.current().named().getOrDefault(name, none).missed())
                        .tags(own)
                        .description("Messages missed by the receivers of this name")
                        .register(registry));
    }

    /** Removes all meters. */
    void remove() {
        show(Set.of());
        meters.forEach(registry::remove);
    }

    // ---- recording ----

    void lagged(long missed) {
        lagDistance.record((double) missed);
    }

    void published(long nanos) {
        if (publishCost != null) {
            publishCost.record((double) nanos);
        }
    }

    void received(long nanos) {
        if (latency != null) {
            latency.record((double) nanos);
        }
    }

    // ---- buckets ----

    private static double[] powersOfTwo(int largest) {
        double[] buckets = new double[largest + 1];
        for (int i = 0; i <= largest; i++) {
            buckets[i] = 1L << i;
        }
        return buckets;
    }

    private static double[] oneTwoFive(long from, long to) {
        List<Double> buckets = new ArrayList<>();
        for (long decade = from; decade < to; decade *= 10) {
            buckets.add((double) decade);
            buckets.add(2.0 * decade);
            buckets.add(5.0 * decade);
        }
        buckets.add((double) to);
        return buckets.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
