package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Binds the metrics of all buses to the registries that Boot sets up, unless the application has a
 * bean of type {@link BusMetrics} of its own.
 */
@AutoConfiguration(after = RonBusAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBooleanProperty(name = "ron.bus.metrics.enabled", matchIfMissing = true)
public final class RonBusMetricsAutoConfiguration {
    RonBusMetricsAutoConfiguration() {}

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(BusMetrics.class)
    BusMetricsBinder ronBusMetrics(ListableBeanFactory beans, RonBusProperties properties) {
        return new BusMetricsBinder(() -> Buses.of(beans).values(), properties.getMetrics());
    }
}
