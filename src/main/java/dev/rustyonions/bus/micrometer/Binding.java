package dev.rustyonions.bus.micrometer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.micrometer.OwnedMeters.Owned;
import dev.rustyonions.bus.micrometer.Readings.Reading;
import dev.rustyonions.bus.micrometer.ReceiverNames.Named;

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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

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

    private static final Named NOBODY = new Named(0, 0, 0);

    private final Bus<?> bus;
    private final MeterNames names;
    private final Tags tags;
    private final Readings readings;
    private final boolean histograms;
    private final Consumer<Binding> leave;
    private final OwnedMeters owned;

    /** Those of the bus. Written by the thread that registers them. */
    private volatile List<Owned<?>> meters = List.of();

    /** Those of each receiver name. Written by the thread that shows names, one at a time. */
    private volatile Map<String, List<Owned<?>>> receivers = Map.of();

    private final AtomicBoolean showing = new AtomicBoolean();

    /**
     * Set before the meters are removed. Who adds some looks at it afterwards, so that none stays.
     */
    private volatile boolean removed;

    // Null until registered, and if a filter makes them one with another meter of this bus.

    private volatile @Nullable DistributionSummary lagDistance;
    private volatile @Nullable DistributionSummary publishCost;
    private volatile @Nullable DistributionSummary latency;

    /**
     * A binding without meters as yet.
     *
     * @param leave called when another bus takes the place of this one, to be bound no more
     */
    Binding(
            Bus<?> bus,
            MeterRegistry registry,
            MeterNames names,
            Tags tags,
            Readings readings,
            boolean histograms,
            Consumer<Binding> leave) {
        this.bus = bus;
        this.names = names;
        this.tags = tags;
        this.readings = readings;
        this.histograms = histograms;
        this.leave = leave;
        this.owned = new OwnedMeters(registry, bus, this);
    }

    /**
     * Registers the meters of the bus. If this throws, some may be registered.
     *
     * @throws IllegalStateException if the place of one is taken
     */
    void register() {
        counter(
                names.of("publish"),
                null,
                "Events accepted by the bus",
                reading -> reading.stats().published());
        counter(
                names.of("drop.lagged"),
                null,
                "Messages missed by all receivers, living and gone, pending losses included",
                reading -> reading.stats().missed());
        counter(
                names.of("subscriber.wakeups"),
                "wakeups",
                "Times a parked receiver was woken",
                reading -> reading.stats().wakeups());
        counter(
                names.of("consumer.failures"),
                "failures",
                "Consumers ended by something thrown, by a handler for instance",
                Reading::failures);
        counter(
                names.of("conflated"),
                null,
                "Messages left out by receivers because a later one had the same key",
                reading -> reading.stats().conflated());
        counter(
                names.of("publisher.waits"),
                "waits",
                "Times a publisher had to wait for a lossless receiver",
                reading -> reading.stats().publisherWaits());
        counter(
                names.of("patience.over"),
                null,
                "Lossless receivers that became lossy because publishers had waited too long",
                Reading::released);
        gauge(
                names.of("publishers.waiting"),
                null,
                "Publishers that wait for a lossless receiver now",
                r -> r.current().stats().publishersWaiting());
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
                names.of("capacity.advised"),
                null,
                "The capacity with which the lags of late would not have come about; 0 if none"
                        + " would do",
                r -> r.current().advised());
        gauge(
                names.of("subscribers"),
                "subscribers",
                "Receivers subscribed",
                r -> r.current().stats().receivers());
        gauge(
                names.of("receiver.names.omitted"),
                null,
                "Names of receivers left without series of their own, as there are too many",
                r -> r.current().omitted());
        if (names.legacy()) {
            counter(
                    MeterNames.LEGACY_DROPPED,
                    null,
                    "Messages missed by all receivers; older name of drop.lagged",
                    reading -> reading.stats().missed());
            gauge(
                    MeterNames.LEGACY_DEPTH,
                    null,
                    "Messages not yet read by the receiver furthest behind; older name of"
                            + " ring.depth",
                    r -> r.current().stats().depth());
        }
        lagDistance =
                histogram(
                        names.of("lag.distance"), null, "Messages missed in one lag", LAG_BUCKETS);
        if (histograms) {
            publishCost =
                    histogram(
                            names.of("publish.ns"),
                            "ns",
                            "Nanoseconds that a sampled publish took its thread",
                            COST_BUCKETS);
            latency =
                    histogram(
                            names.of("end.to.end.latency.ns"),
                            "ns",
                            "Nanoseconds from publish to receive of a sampled message",
                            LATENCY_BUCKETS);
        }
    }

    // ---- meters ----

    private void counter(
            String name, @Nullable String unit, String description, ToLongFunction<Reading> of) {
        Count count = new Count(readings, of);
        keep(
                owned.add(
                        (to, marked, text) ->
                                FunctionCounter.builder(name, count, Count::value)
                                        .tags(marked)
                                        .baseUnit(unit)
                                        .description(text)
                                        .register(to),
                        tags,
                        description,
                        count,
                        this::refuse));
    }

    private void gauge(
            String name,
            @Nullable String unit,
            String description,
            ToDoubleFunction<Readings> value) {
        keep(
                owned.add(
                        (to, marked, text) ->
                                Gauge.builder(name, readings, value)
                                        .tags(marked)
                                        .baseUnit(unit)
                                        .description(text)
                                        .register(to),
                        tags,
                        description,
                        readings,
                        this::refuse));
    }

    private @Nullable DistributionSummary histogram(
            String name, @Nullable String unit, String description, double[] buckets) {
        Owned<DistributionSummary> histogram =
                owned.add(
                        (to, marked, text) ->
                                DistributionSummary.builder(name)
                                        .tags(marked)
                                        .baseUnit(unit)
                                        .description(text)
                                        .serviceLevelObjectives(buckets)
                                        .register(to),
                        tags,
                        description,
                        readings,
                        this::refuse);
        keep(histogram);
        return histogram == null ? null : histogram.meter();
    }

    private void keep(@Nullable Owned<?> meter) {
        if (meter != null) {
            List<Owned<?>> more = new ArrayList<>(meters);
            more.add(meter);
            meters = List.copyOf(more);
        }
    }

    /** Refuses to go on, unless a filter has only made two meters of this bus one. */
    @SuppressWarnings("ReferenceEquality") // the very meter
    private void refuse(Meter taken) {
        if (owned.own(taken) || meters.stream().anyMatch(own -> own.meter() == taken)) {
            return;
        }
        Bus<?> other = owned.busOf(taken);
        String what =
                "the registry has a meter "
                        + taken.getId().getName()
                        + " with "
                        + taken.getId().getTags()
                        + " already, ";
        if (other == null) {
            throw new IllegalStateException(
                    what
                            + "registered by somebody else; give the bus a name of its own with"
                            + " BusBuilder.name, or its meters one with"
                            + " BusBuilder.metricsNamespace");
        }
        if (other == bus) {
            throw new IllegalStateException(
                    what
                            + "of this very bus; bind a bus to a registry once, and to either a"
                            + " composite or the registries in it");
        }
        throw new IllegalStateException(
                what
                        + "of another bus, "
                        + other.config().name()
                        + "; give each bus a name of its own with BusBuilder.name, or close the"
                        + " metrics bound before");
    }

    // ---- receivers ----

    /**
     * Gives each of these names its meters and removes those of all others. If another thread is
     * about it, the next reading will do.
     */
    void show(Map<String, Named> named) {
        if (removed || !showing.compareAndSet(false, true)) {
            return;
        }
        Failures failures = new Failures();
        try {
            Map<String, List<Owned<?>>> next = new HashMap<>();
            List<Owned<?>> gone = new ArrayList<>();
            receivers.forEach(
                    (name, series) -> {
                        if (named.containsKey(name)) {
                            next.put(name, series);
                        } else {
                            gone.addAll(series);
                        }
                    });
            for (String name : named.keySet()) {
                if (!next.containsKey(name)) {
                    List<Owned<?>> series = new ArrayList<>();
                    failures.attempt(() -> addSeries(name, series));
                    if (!series.isEmpty()) {
                        next.put(name, series);
                    }
                }
            }
            receivers = next;
            owned.remove(gone, failures);
        } finally {
            showing.set(false);
        }
        if (removed) {
            failures.attempt(this::remove);
        }
        failures.rethrow();
    }

    /** Registers the meters of a name, none where their place is taken. */
    private void addSeries(String name, List<Owned<?>> series) {
        Tags own = tags.and("receiver", name);
        Consumer<Meter> leaveOut = taken -> {};
        Owned<Gauge> depth =
                owned.add(
                        (to, marked, text) ->
                                Gauge.builder(
                                                names.of("receiver.depth"),
                                                readings,
                                                r -> of(r.current(), name).depth())
                                        .tags(marked)
                                        .description(text)
                                        .register(to),
                        own,
                        "Messages not yet read by the receiver of this name",
                        readings,
                        leaveOut);
        if (depth != null) {
            series.add(depth);
        }
        Count count = new Count(readings, reading -> of(reading, name).missed());
        Owned<FunctionCounter> missed =
                owned.add(
                        (to, marked, text) ->
                                FunctionCounter.builder(
                                                names.of("receiver.missed"), count, Count::value)
                                        .tags(marked)
                                        .description(text)
                                        .register(to),
                        own,
                        "Messages missed by the receivers of this name",
                        count,
                        leaveOut);
        if (missed != null) {
            series.add(missed);
        }
    }

    private static Named of(Reading reading, String name) {
        return reading.named().getOrDefault(name, NOBODY);
    }

    // ---- removing ----

    /** Removes all meters, the remaining ones if one cannot be removed, and adds no more. */
    void remove() {
        removed = true;
        List<Owned<?>> all = new ArrayList<>(meters);
        receivers.values().forEach(all::addAll);
        Failures failures = new Failures();
        owned.remove(all, failures);
        failures.rethrow();
    }

    boolean isRemoved() {
        return removed;
    }

    Bus<?> bus() {
        return bus;
    }

    /** Removes all meters if this bus is closed and another wants their place. */
    boolean giveWayTo(Bus<?> other) {
        if (other == bus || !bus.isClosed()) {
            return false;
        }
        leave.accept(this);
        remove();
        return true;
    }

    // ---- recording ----

    void lagged(long missed) {
        record(lagDistance, missed);
    }

    void published(long nanos) {
        record(publishCost, nanos);
    }

    void received(long nanos) {
        record(latency, nanos);
    }

    private static void record(@Nullable DistributionSummary histogram, long value) {
        if (histogram != null) {
            histogram.record((double) value);
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
