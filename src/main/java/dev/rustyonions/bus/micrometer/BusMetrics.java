package dev.rustyonions.bus.micrometer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusConfig;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.text.Text;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

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
 * <tr><td>{@code ring.depth}</td><td>gauge</td><td>messages not yet read by the receiver furthest
 * behind</td></tr>
 * <tr><td>{@code capacity}</td><td>gauge</td><td>messages the bus retains</td></tr>
 * <tr><td>{@code subscribers}</td><td>gauge</td><td>receivers subscribed</td></tr>
 * <tr><td>{@code lag.distance}</td><td>histogram</td><td>messages missed per lag</td></tr>
 * <tr><td>{@code publish.ns}</td><td>histogram, on request</td><td>cost of a publish,
 * sampled</td></tr>
 * <tr><td>{@code end.to.end.latency.ns}</td><td>histogram, on request</td><td>publish to receive,
 * sampled</td></tr>
 * <tr><td>{@code receiver.depth}, {@code receiver.missed}</td><td>gauge, counter</td><td>of the
 * receivers of each name, the deepest and the sum</td></tr>
 * </table>
 *
 * <p>Tags: {@code bus}, {@code mode}, {@code amnesia} and {@code pq} as the bus is configured,
 * those given to the builder, and {@code receiver} where a meter is a receiver's. Receivers without
 * a name have no meters of their own, so that subscribers who come and go do not add up to tags
 * without bound. The meters of a name come and go with its receivers, noticed at the next reading
 * of any meter.
 *
 * <p>A meter has a base unit where its name ends in one; elsewhere registries such as Prometheus's
 * would put the unit into the name. Its description says what it counts.
 *
 * <p>Cost: counters and gauges are read from the bus when a registry asks, all from one reading
 * that is used for a tenth of a second. Publishers pay nothing for them. A lag is recorded by the
 * receiver that is told of it; a sample by the publisher or receiver of the sampled message.
 *
 * <p>Thread safety: all methods may be called from any thread and none blocks, apart from what the
 * registry does inside. The order in which metrics, bus and registry are closed does not matter.
 */
// Who binds metrics requires Micrometer anyway; see the module descriptor.
@SuppressWarnings("exports")
public final class BusMetrics implements MeterBinder, AutoCloseable {
    private static final Duration FRESH = Duration.ofMillis(100);

    /** Samples where histograms are asked for without a period: one message in so many. */
    private static final int SAMPLE_EVERY = 1024;

    private final MeterNames names;
    private final Tags tags;
    private final boolean histograms;
    private final Readings readings;
    private final BusObserver.Registration observation;
    private final AtomicReference<Bindings> bindings = new AtomicReference<>(Bindings.NONE);

    /**
     * Calls for {@link #reconcile}; who raises it from zero does the work for all who call
     * meanwhile.
     */
    private final AtomicInteger reconciling = new AtomicInteger();

    /**
     * Registries bound, in one piece with whether there may be more.
     *
     * @param open false once closed
     * @param list those bound
     */
    private record Bindings(boolean open, List<Binding> list) {
        static final Bindings NONE = new Bindings(true, List.of());
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
        BusConfig config = builder.bus.config();
        this.names = new MeterNames(config.metricsNamespace(), builder.legacyNames);
        this.tags = Tags.of(builder.tags).and(tagsOf(config));
        this.histograms = builder.sampleEvery > 0;
        this.readings = new Readings(builder.bus, builder.fresh, this::reconcile);
        this.observation = builder.bus.observe(new Recorder(builder.sampleEvery));
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
     * Registers the meters.
     *
     * @param registry where to
     * @throws IllegalStateException if these metrics are closed, or the registry has a meter of the
     *     same name and tags already: those of another bus of the same name, for instance
     * @throws NullPointerException if {@code registry} is null
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        Objects.requireNonNull(registry, "registry");
        if (!bindings.get().open()) {
            throw closed();
        }
        Binding binding = bindingTo(registry);
        Bindings before;
        List<Binding> list;
        do {
            before = bindings.get();
            if (!before.open()) {
                binding.remove();
                throw closed();
            }
            list = new ArrayList<>(before.list());
            list.add(binding);
        } while (!bindings.compareAndSet(before, new Bindings(true, List.copyOf(list))));
        readings.current();
        reconcile();
    }

    private Binding bindingTo(MeterRegistry registry) {
        List<Meter> registered = new ArrayList<>();
        try {
            return new Binding(registry, names, tags, readings, histograms, registered);
        } catch (RuntimeException e) {
            registered.forEach(registry::remove);
            throw e;
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("the metrics of bus " + tags + " are closed");
    }

    /** Removes the meters from all registries and stops observing the bus. Idempotent. */
    @Override
    public void close() {
        observation.close();
        Bindings before = bindings.getAndUpdate(now -> new Bindings(false, now.list()));
        if (before.open()) {
            reconcile();
        }
    }

    /**
     * Makes the meters of every binding those that should be there. One thread at a time; another's
     * call is done by it.
     */
    private void reconcile() {
        if (reconciling.getAndIncrement() != 0) {
            return;
        }
        boolean complete = false;
        try {
            int calls;
            do {
                calls = reconciling.get();
                Bindings now = bindings.get();
                for (Binding binding : now.list()) {
                    if (now.open()) {
                        binding.show(readings.last().named().keySet());
                    } else {
                        binding.remove();
                    }
                }
            } while (reconciling.addAndGet(-calls) != 0);
            complete = true;
        } finally {
            if (!complete) {
                reconciling.set(0); // a registry refused: the next reading tries again
            }
        }
    }

    /** Records what the bus tells as it happens. */
    private final class Recorder implements BusObserver {
        private final int sampleEvery;

        Recorder(int sampleEvery) {
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
    }

    /** Sets up {@link BusMetrics}. Not thread-safe. */
    public static final class Builder {
        private final Bus<?> bus;
        private Tags tags = Tags.empty();
        private int sampleEvery;
        private boolean legacyNames;
        private Duration fresh = FRESH;

        private Builder(Bus<?> bus) {
            this.bus = Objects.requireNonNull(bus, "bus");
        }

        /**
         * Adds tags to all meters, the name of the service for instance. The bus's own tags win
         * over tags of the same key.
         *
         * @param more the tags; keys and values 1 to 128 characters, not blank, no control
         *     characters or line separators
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
         *     of two
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

        /** Sets how long a reading is used; for tests that cannot wait. */
        Builder fresh(Duration fresh) {
            this.fresh = fresh;
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
