package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The metrics of each bus, made when the first registry is there, and closed with the context. */
final class BusMetricsBinder implements MeterBinder, AutoCloseable {
    private final Supplier<Collection<Bus<?>>> buses;
    private final RonBusProperties.Metrics settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Bus<?>, BusMetrics> metrics = new LinkedHashMap<>();

    BusMetricsBinder(Supplier<Collection<Bus<?>>> buses, RonBusProperties.Metrics settings) {
        this.buses = buses;
        this.settings = settings;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        lock.lock();
        try {
            for (Bus<?> bus : buses.get()) {
                metrics.computeIfAbsent(bus, this::metricsOf).bindTo(registry);
            }
        } finally {
            lock.unlock();
        }
    }

    private BusMetrics metricsOf(Bus<?> bus) {
        BusMetrics.Builder builder = BusMetrics.builder(bus);
        builder.maxReceiverNames(settings.getMaxReceiverNames());
        if (settings.isHistograms()) {
            builder.histograms(settings.getSampleEvery());
        }
        if (settings.isLegacyNames()) {
            builder.legacyNames();
        }
        return builder.build();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            metrics.values().forEach(BusMetrics::close);
        } finally {
            lock.unlock();
        }
    }
}
