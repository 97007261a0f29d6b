package dev.rustyonions.bus.spring;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Adds the health of the buses as {@code ronBus}. */
@AutoConfiguration(after = RonBusAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("ronbus")
public final class RonBusHealthAutoConfiguration {
    RonBusHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "ronBusHealthIndicator")
    BusHealthIndicator ronBusHealthIndicator(
            ListableBeanFactory beans, RonBusProperties properties) {
        return new BusHealthIndicator(
                () -> Buses.of(beans), properties.getHealth().getStuckAfter(), System::nanoTime);
    }
}
