package dev.rustyonions.bus.spring;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Adds the endpoint {@code ronbus}, where it is exposed. */
@AutoConfiguration(after = RonBusAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnAvailableEndpoint(RonBusEndpoint.class)
public final class RonBusEndpointAutoConfiguration {
    RonBusEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    RonBusEndpoint ronBusEndpoint(ListableBeanFactory beans) {
        return new RonBusEndpoint(() -> Buses.of(beans));
    }
}
