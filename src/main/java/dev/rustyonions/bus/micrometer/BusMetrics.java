package dev.rustyonions.bus.micrometer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusConfig;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.micrometer.Readings.Pace;
import dev.rustyonions.bus.text.Text;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The metrics of one bus. Bind it to as many registries as there are; close it to remove its meters
 * from all of them.
 *
 * {@snippet :
 * void serve(Bus<Event> bus, MeterRegistry registry) {
 *     Tags tags = Tags.of("service", "orders");
 *     try (BusMetrics metrics = BusMetrics.builder(bus).tags(tags).build()) {
 *         metrics.bindTo(registry);
 *         // ... as long as the bus is in use
 *     }
 * }
 * }
 *
 * <p>All names begin with the bus's metrics namespace, {@code ron.bus} unless configured:
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>kind</th><th>meaning</th></tr>
 * <tr><td>{@code publish}</td><td>counter</td><td>events accepted</td></tr>
 * <tr><td>{@code drop.lagged}</td><td>counter</td><td>messages missed by all receivers, living and
 * gone, those not told of yet included</td></tr>
 * <tr><td>{@code subscriber.wakeups}</td><td>counter</td><td>times a parked receiver was
 * woken</td></tr>
 * <tr><td>{@code consumer.failures}</td><td>counter</td><td>times {@code consume} ended by
 * something thrown, by a handler or the filter for instance, since these metrics were
 * built</td></tr>
 * <tr><td>{@code conflated}</td><td>counter</td><td>messages left out by all receivers, living and
 * gone, because a later one had the same key</td></tr>
 * <tr><td>{@code publisher.waits}</td><td>counter</td><td>times a publisher had to wait for a
 * lossless receiver</td></tr>
 * <tr><td>{@code publishers.waiting}</td><td>gauge</td><td>publishers that wait for one
 * now</td></tr>
 * <tr><td>{@code patience.over}</td><td>counter</td><td>lossless receivers that became lossy
 * because publishers had waited for them longer than their patience, since these metrics were
 * built</td></tr>
 * <tr><td>{@code ring.depth}</td><td>gauge</td><td>messages not yet read by the receiver furthest
 * behind</td></tr>
 * <tr><td>{@code capacity}</td><td>gauge</td><td>messages the bus retains</td></tr>
 * <tr><td>{@code capacity.advised}</td><td>gauge</td><td>the capacity of {@link Bus#advice()}: that
 * of the bus while no receiver lags, 0 if no capacity would do</td></tr>
 * <tr><td>{@code subscribers}</td><td>gauge</td><td>receivers subscribed</td></tr>
 * <tr><td>{@code lag.distance}</td><td>histogram</td><td>messages missed per lag</td></tr>
 * <tr><td>{@code publish.ns}</td><td>histogram, on request</td><td>cost of a publish,
 * sampled</td></tr>
 * <tr><td>{@code end.to.end.latency.ns}</td><td>histogram, on request</td><td>publish to receive,
 * sampled</td></tr>
 * <tr><td>{@code receiver.depth}, {@code receiver.missed}</td><td>gauge, counter</td><td>of the
 * receivers of each name, the deepest and the sum</td></tr>
 * <tr><td>{@code receiver.names.omitted}</td><td>gauge</td><td>names of receivers left without
 * meters of their own, as there are more than {@link Builder#maxReceiverNames}</td></tr>
 * </table>
 *
 * <p>Tags: {@code bus}, {@code mode}, {@code amnesia} and {@code pq} as the bus is configured,
 * those given to the builder, and {@code receiver} where a meter is a receiver's. Receivers without
 * a name have no meters of their own, so that subscribers who come and go do not add up to tags
 * without bound. The meters of a name come and go with its receivers, noticed at the next reading
 * of any meter. They stay for one more reading after its last receiver has ended, so that what it
 * missed in between is seen; if that receiver came and went between two readings and missed
 * something, its name has meters until the next reading but one. {@code receiver.missed} counts
 * those that have ended as well, for as long as the name has meters.
 *
 * <p>Counters never decrease, and keep their last value once their meter has been removed.
 *
 * <p>A meter has a base unit where its name ends in one; elsewhere registries such as Prometheus's
 * would put the unit into the name. Its description says what it counts.
 *
 * <p>Cost: counters and gauges are read from the bus when a registry asks, all from one reading,
 * which takes time proportional to the number of receivers. It is used for a tenth of a second or
 * for ten times as long as it took, whichever is longer. Publishers pay nothing for it. A lag is
 * recorded by the receiver that is told of it; a sample by the publisher or receiver of the sampled
 * message.
 *
 * <p>Registries: bind to a registry once, and to either a composite or the registries in it, which
 * is refused otherwise where it can be seen. A registry that is added to a composite later, with
 * both bound, counts each lag twice in its histogram. Meters of others are neither used nor
 * removed, whatever filters make of the names and tags; a filter that makes the meters of two
 * receivers one leaves the first of them. Metrics of a closed bus that were not closed themselves
 * give way to those of another bus that needs their names.
 *
 * <p>Thread safety: all methods may be called from any thread and none blocks, apart from what the
 * registry does inside. The order in which metrics, bus and registry are closed does not matter.
 */
// Who binds metrics requires Micrometer anyway; see the module descriptor.
@SuppressWarnings("exports")
public final class BusMetrics implements MeterBinder, AutoCloseable {
    private static final int MOST_NAMES = 1000;

    /** Samples where histograms are asked for without a period: one message in so many. */
    private static final int SAMPLE_EVERY = 1024;

    private final Bus<?> bus;
    private final MeterNames names;
    private final Tags tags;
    private final boolean histograms;
    private final Readings readings;
    private final Recorder recorder;
    private final BusObserver.Registration observation;
    private final AtomicReference<Bindings> bindings = new AtomicReference<>(Bindings.NONE);

    /** Whether a failure to show receivers has been logged. */
    private final AtomicBoolean logged = new AtomicBoolean();

    /**
     * Registries bound, in one piece with whether there may be more.
     *
     * @param open false once closed
     * @param list those bound; once closed, those whose meters are still to be removed
     */
    private record Bindings(boolean open, List<Binding> list) {
        static final Bindings NONE = new Bindings(true, List.of());

        Bindings with(Binding binding) {
            List<Binding> more = new ArrayList<>(list);
            more.add(binding);
            return new Bindings(open, List.copyOf(more));
        }

        Bindings without(Binding binding) {
            return new Bindings(open, list.stream().filter(each -> each != binding).toList());
        }
    }

    /**
     * Metrics without histograms of cost and latency and without tags besides the bus's own.
     *
     * @param bus the bus to show
     * @throws NullPointerException if {@code bus} is null
     */
    public BusMetrics(Bus<?> bus) {
        this(builder(bus));
    }

    private BusMetrics(Builder builder) {
        this.bus = builder.bus;
        BusConfig config = bus.config();
        this.names = new MeterNames(config.metricsNamespace(), builder.legacyNames);
        this.tags = Tags.of(builder.tags).and(tagsOf(config));
        this.histograms = builder.sampleEvery > 0;
        this.readings =
                new Readings(
                        bus,
                        builder.pace,
                        builder.clock,
                        new ReceiverNames(builder.maxNames),
                        this::show);
        // Before the first reading: a receiver that ends in between is in one of the two.
        this.recorder = new Recorder(readings, bindings, builder.sampleEvery);
        this.observation = bus.observe(recorder);
        readings.current();
    }

    private static List<Tag> tagsOf(BusConfig config) {
        List<Tag> tags = new ArrayList<>();
        tags.add(Tag.of("bus", config.name()));
        tags.add(Tag.of("mode", config.mode().name().toLowerCase(Locale.ROOT)));
        if (config.amnesiaLabel()) {
            tags.add(Tag.of("amnesia", config.amnesia() ? "on" : "off"));
        }
        config.pqLabel().ifPresent(label -> tags.add(Tag.of("pq", label)));
        return tags;
    }

    /**
     * Begins the configuration of metrics.
     *
     * @param bus the bus to show
     * @return a new builder
     * @throws NullPointerException if {@code bus} is null
     */
    public static Builder builder(Bus<?> bus) {
        return new Builder(bus);
    }

    /**
     * Registers the meters: all of them, or none if this throws. A meter that a filter of the
     * registry denies is left out.
     *
     * @param registry where to
     * @throws IllegalStateException if these metrics are closed, or the registry, or one in it if
     *     it is a composite, has a meter in the place of one of these: of another bus of the same
     *     name, for instance, or of this one
     * @throws NullPointerException if {@code registry} is null
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        Objects.requireNonNull(registry, "registry");
        if (!bindings.get().open()) {
            throw closed();
        }
        Binding binding =
                new Binding(bus, registry, names, tags, readings, histograms, this::leave);
        try {
            binding.register();
            readings.current();
            binding.show(readings.last().named());
            if (!bindings.updateAndGet(now -> now.open() ? now.with(binding) : now).open()) {
                throw closed();
            }
        } catch (Throwable e) {
            Failures failures = new Failures();
            failures.attempt(binding::remove);
            failures.suppressIn(e);
            throw e;
        }
        // Another bus may have found the binding in its way before it was here.
        if (binding.isRemoved()) {
            leave(binding);
        }
    }

    private void leave(Binding binding) {
        bindings.updateAndGet(now -> now.without(binding));
    }

    private IllegalStateException closed() {
        return new IllegalStateException("the metrics of bus " + tags + " are closed");
    }

    /**
     * Removes the meters from all registries and stops observing the bus. If a registry fails, the
     * others are done nevertheless, and the first failure is thrown, with the others suppressed in
     * it; a further call tries again where one failed, and does nothing where none did.
     */
    @Override
    public void close() {
        observation.close();
        Failures failures = new Failures();
        for (Binding binding :
                bindings.updateAndGet(now -> new Bindings(false, now.list())).list()) {
            failures.attempt(
                    () -> {
                        binding.remove();
                        leave(binding);
                    });
        }
        failures.rethrow();
    }

    /**
     * Gives the receivers' names of the last reading their meters in every registry. A registry
     * that fails must not reach the thread that reads a meter; the next reading tries again.
     */
    private void show() {
        for (Binding binding : bindings.get().list()) {
            try {
                binding.show(readings.last().named());
            } catch (Throwable e) {
                log(e);
            }
        }
    }

    private void log(Throwable e) {
        if (logged.compareAndSet(false, true)) {
            try {
                System.getLogger("dev.rustyonions.bus")
                        .log(
                                Level.WARNING,
                                "bus "
                                        + bus.config().name()
                                        + ": a registry failed to add or remove the meters of"
                                        + " receivers; further failures are not logged",
                                e);
            } catch (Throwable alsoDropped) {
                // A log that fails is no more the reader's concern than a registry that does.
            }
        }
    }

    /** What the bus tells; for tests that tell it themselves. */
    BusObserver recorder() {
        return recorder;
    }

    /** Records what the bus tells as it happens. */
    private static final class Recorder implements BusObserver {
        private final Readings readings;
        private final AtomicReference<Bindings> bindings;
        private final int sampleEvery;

        Recorder(Readings readings, AtomicReference<Bindings> bindings, int sampleEvery) {
            this.readings = readings;
            this.bindings = bindings;
            this.sampleEvery = sampleEvery;
        }

        @Override
        public int sampleEvery() {
            return sampleEvery;
        }

        @Override
        public void lagged(Optional<String> receiver, Lagged<?> lag) {
            for (Binding binding : bindings.get().list()) {
                binding.lagged(lag.missed());
            }
        }

        @Override
        public void published(long sequence, long nanos) {
            for (Binding binding : bindings.get().list()) {
                binding.published(nanos);
            }
        }

        @Override
        public void received(Optional<String> receiver, long sequence, long nanos) {
            for (Binding binding : bindings.get().list()) {
                binding.received(nanos);
            }
        }

        @Override
        public void ended(ReceiverStats receiver) {
            receiver.name().ifPresent(name -> readings.ended(name, receiver.missed()));
        }

        @Override
        public void failed(Optional<String> receiver, Class<? extends Throwable> failure) {
            readings.failed();
        }

        @Override
        public void patienceOver(Optional<String> receiver, long nanos) {
            readings.released();
        }
    }

    /** Sets up {@link BusMetrics}. Not thread-safe. */
    public static final class Builder {
        private final Bus<?> bus;
        private Tags tags = Tags.empty();
        private int sampleEvery;
        private boolean legacyNames;
        private int maxNames = MOST_NAMES;
        private Pace pace = Pace.USUAL;
        private LongSupplier clock = System::nanoTime;

        private Builder(Bus<?> bus) {
            this.bus = Objects.requireNonNull(bus, "bus");
        }

        /**
         * Adds tags to all meters, the name of the service for instance. The bus's own tags win
         * over tags of the same key.
         *
         * @param more the tags; keys and values 1 to 128 characters, not blank, no control
         *     characters, line separators or marks that turn the direction of text
         * @return this builder
         * @throws IllegalArgumentException if a key or value is anything else
         * @throws NullPointerException if {@code more} or one of the tags is null
         */
        public Builder tags(Iterable<Tag> more) {
            Objects.requireNonNull(more, "more");
            List<Tag> checked = new ArrayList<>();
            for (Tag tag : more) {
                if (tag == null) {
                    throw new NullPointerException("more[" + checked.size() + "]");
                }
                checkName("tags, key", tag.getKey());
                checkName("tags, value of " + Text.quoted(tag.getKey()), tag.getValue());
                checked.add(tag);
            }
            tags = tags.and(checked);
            return this;
        }

        private static void checkName(String source, String text) {
            if (!Text.isName(text)) {
                throw Text.refused(source, Text.quoted(text), Text.NAME);
            }
        }

        /**
         * Adds the histograms of publish cost and end-to-end latency, of one message in 1024.
         *
         * @return this builder
         */
        public Builder histograms() {
            return histograms(SAMPLE_EVERY);
        }

        /**
         * Adds the histograms of publish cost and end-to-end latency.
         *
         * @param sampleEvery one message in how many is sampled, at least 1; rounded up to a power
         *     of two, and 2^30 at most
         * @return this builder
         * @throws IllegalArgumentException if {@code sampleEvery} is less than 1
         */
        public Builder histograms(int sampleEvery) {
            if (sampleEvery < 1) {
                throw new IllegalArgumentException(
                        "histograms(" + sampleEvery + "): allowed are 1 and more");
            }
            this.sampleEvery = sampleEvery;
            return this;
        }

        /**
         * Adds the names of older dashboards, whatever the namespace: {@code bus.overflow.dropped}
         * with the value of {@code drop.lagged}, and {@code bus.queue.depth} with that of
         * {@code ring.depth}.
         *
         * @return this builder
         */
        public Builder legacyNames() {
            legacyNames = true;
            return this;
        }

        /**
         * Sets how many receiver names have meters of their own: {@code receiver.depth} and
         * {@code receiver.missed} for each. 1,000 unless set. Names that have them keep them while
         * they are borne; those left out are counted by {@code receiver.names.omitted}.
         *
         * @param names at most so many, at least 0
         * @return this builder
         * @throws IllegalArgumentException if {@code names} is negative
         */
        public Builder maxReceiverNames(int names) {
            if (names < 0) {
                throw new IllegalArgumentException(
                        "maxReceiverNames(" + names + "): allowed are 0 and more");
            }
            this.maxNames = names;
            return this;
        }

        /** Sets how long a reading is used, however long it took; for tests that cannot wait. */
        Builder fresh(Duration fresh) {
            this.pace = new Pace(fresh, 0);
            return this;
        }

        /** Sets what tells the time, in nanoseconds; for tests of time. */
        Builder clock(LongSupplier nanos) {
            this.clock = nanos;
            return this;
        }

        /**
         * Makes the metrics, which observe the bus from now on.
         *
         * @return metrics to be bound to a registry, and to be closed
         */
        public BusMetrics build() {
            return new BusMetrics(this);
        }
    }
}
