package dev.rustyonions.bus.nats.micrometer;

import dev.rustyonions.bus.nats.Cause;
import dev.rustyonions.bus.nats.NatsExport;
import dev.rustyonions.bus.nats.NatsImport;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of one export or import. Bind it to as many registries as there are; close it to
 * remove its meters from all of them. Give each its own tags if there are several in a process.
 *
 * <table>
 * <caption>Meters of an export</caption>
 * <tr><th>name</th><th>kind</th><th>meaning</th></tr>
 * <tr><td>{@code ron.bus.nats.numbered}</td><td>counter</td><td>events to be sent</td></tr>
 * <tr><td>{@code ron.bus.nats.sent}</td><td>counter</td><td>events sent; with a stream,
 * confirmed</td></tr>
 * <tr><td>{@code ron.bus.nats.unsent}</td><td>counter</td><td>events not sent, by the tag {@code
 * cause}</td></tr>
 * <tr><td>{@code ron.bus.nats.export.pending}</td><td>gauge</td><td>events that the stream has
 * not confirmed</td></tr>
 * <tr><td>{@code ron.bus.nats.export.reconnects}</td><td>counter</td><td>connections made
 * again</td></tr>
 * </table>
 *
 * <table>
 * <caption>Meters of an import</caption>
 * <tr><th>name</th><th>kind</th><th>meaning</th></tr>
 * <tr><td>{@code ron.bus.nats.arrived}</td><td>counter</td><td>events that arrived</td></tr>
 * <tr><td>{@code ron.bus.nats.lost}</td><td>counter</td><td>events that did not, by the tag {@code
 * cause}</td></tr>
 * <tr><td>{@code ron.bus.nats.restarts}</td><td>counter</td><td>other runs of exports
 * heard</td></tr>
 * <tr><td>{@code ron.bus.nats.dropped}</td><td>counter</td><td>messages that the client
 * dropped</td></tr>
 * <tr><td>{@code ron.bus.nats.foreign}</td><td>counter</td><td>messages that no export has
 * sent</td></tr>
 * <tr><td>{@code ron.bus.nats.origins}</td><td>gauge</td><td>origins known</td></tr>
 * <tr><td>{@code ron.bus.nats.origins.silent}</td><td>gauge</td><td>origins of which nothing is
 * heard, and whose export was not closed</td></tr>
 * <tr><td>{@code ron.bus.nats.import.pending}</td><td>gauge</td><td>messages received and not
 * taken</td></tr>
 * <tr><td>{@code ron.bus.nats.import.reconnects}</td><td>counter</td><td>connections made
 * again</td></tr>
 * </table>
 *
 * <p>No meter has an origin for a tag, since origins may be without number. The names do not depend
 * on {@link dev.rustyonions.bus.BusBuilder#metricsNamespace}.
 *
 * <p>Thread safety: all methods may be called from any thread.
 */
@SuppressWarnings("exports") // who uses it has Micrometer
public final class NatsMetrics implements MeterBinder, AutoCloseable {
    private static final String NAME = "ron.bus.nats.";

    /** A meter of this binder in a registry. */
    private record Bound(MeterRegistry registry, Meter meter) {
        void remove() {
            registry.remove(meter);
        }
    }

    /** What is to be bound to a registry. */
    private interface Binding {
        Meter in(MeterRegistry registry);
    }

    private final Tags tags;
    private final List<Binding> bindings = new ArrayList<>();
    private final Queue<Bound> bound = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    private NatsMetrics(Tags tags) {
        this.tags = Objects.requireNonNull(tags, "tags");
    }

    /**
     * The metrics of an export.
     *
     * @param export the export
     * @param tags for all of its meters
     * @return a binder, to be closed when the export is
     * @throws NullPointerException if an argument is null
     */
    public static NatsMetrics of(NatsExport<?> export, Tags tags) {
        NatsMetrics metrics = new NatsMetrics(tags);
        metrics.counter("numbered", "events to be sent", export, e -> e.stats().numbered());
        metrics.counter("sent", "events sent", export, e -> e.stats().sent());
        for (Cause cause : Cause.values()) {
            if (cause.isOfExport()) {
                metrics.counter(
                        "unsent",
                        "events not sent",
                        Tags.of("cause", cause.toString()),
                        export,
                        e -> e.stats().unsent().getOrDefault(cause, 0L));
            }
        }
        metrics.gauge(
                "export.pending",
                "events that the stream has not confirmed",
                export,
                e -> e.stats().pending());
        metrics.counter(
                "export.reconnects", "connections made again", export, e -> e.stats().reconnects());
        return metrics;
    }

    /**
     * The metrics of an import.
     *
     * @param imported the import
     * @param tags for all of its meters
     * @return a binder, to be closed when the import is
     * @throws NullPointerException if an argument is null
     */
    public static NatsMetrics of(NatsImport<?> imported, Tags tags) {
        NatsMetrics metrics = new NatsMetrics(tags);
        metrics.counter("arrived", "events that arrived", imported, i -> i.stats().arrived());
        for (Cause cause : Cause.values()) {
            metrics.counter(
                    "lost",
                    "events that did not arrive",
                    Tags.of("cause", cause.toString()),
                    imported,
                    i -> i.stats().lost().getOrDefault(cause, 0L));
        }
        metrics.counter(
                "restarts", "other runs of exports heard", imported, i -> i.stats().restarts());
        metrics.counter(
                "dropped", "messages that the client dropped", imported, i -> i.stats().dropped());
        metrics.counter(
                "foreign", "messages that no export has sent", imported, i -> i.stats().foreign());
        metrics.gauge("origins", "origins known", imported, i -> i.stats().origins().size());
        metrics.gauge(
                "origins.silent",
                "origins of which nothing is heard, and whose export was not closed",
                imported,
                NatsMetrics::silent);
        metrics.gauge(
                "import.pending",
                "messages received and not taken",
                imported,
                i -> i.stats().pending());
        metrics.counter(
                "import.reconnects",
                "connections made again",
                imported,
                i -> i.stats().reconnects());
        return metrics;
    }

    private static double silent(NatsImport<?> imported) {
        return imported.stats().origins().stream()
                .filter(origin -> origin.silent() && !origin.closed())
                .count();
    }

    private <T> void counter(String name, String description, T of, ToDoubleFunction<T> value) {
        counter(name, description, Tags.empty(), of, value);
    }

    private <T> void counter(
            String name, String description, Tags more, T of, ToDoubleFunction<T> value) {
        bindings.add(
                registry ->
                        FunctionCounter.builder(NAME + name, of, value)
                                .description(description)
                                .tags(tags.and(more))
                                .register(registry));
    }

    private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        bindings.add(
                registry ->
                        Gauge.builder(NAME + name, of, value)
                                .description(description)
                                .tags(tags)
                                .strongReference(true)
                                .register(registry));
    }

    /**
     * Registers the meters. Several exports or imports need tags of their own in one registry.
     *
     * @param registry where
     * @throws IllegalArgumentException if the registry has a meter of another kind by one of the
     *     names; nothing is registered then
     * @throws IllegalStateException if these metrics are closed, or the registry has a meter of the
     *     same name and tags already, of these metrics or of others; nothing is registered then
     * @throws NullPointerException if {@code registry} is null
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        Objects.requireNonNull(registry, "registry");
        if (closed) {
            throw new IllegalStateException("bindTo: these metrics are closed");
        }
        // A registry returns the meter that is there in place of a new one, whosever it is.
        Set<Meter> before = Collections.newSetFromMap(new IdentityHashMap<>());
        before.addAll(registry.getMeters());
        List<Bound> made = new ArrayList<>();
        try {
            for (Binding binding : bindings) {
                Meter meter = binding.in(registry);
                if (before.contains(meter)) {
                    throw new IllegalStateException(
                            "bindTo: the registry has "
                                    + meter.getId()
                                    + " already; give each export and import tags of its own");
                }
                made.add(new Bound(registry, meter));
            }
        } catch (RuntimeException e) {
            made.forEach(Bound::remove);
            throw e;
        }
        bound.addAll(made);
        // A close meanwhile either finds these, or was marked before this look.
        if (closed) {
            removeAll();
        }
    }

    /** Removes the meters from all registries, and binds no more. Idempotent. */
    @Override
    public void close() {
        closed = true;
        removeAll();
    }

    private void removeAll() {
        for (Bound one = bound.poll(); one != null; one = bound.poll()) {
            one.remove();
        }
    }
}
