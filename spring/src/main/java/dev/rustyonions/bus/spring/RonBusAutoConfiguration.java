package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.Bus;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Makes the buses that {@code ron.bus.*} describes, and closes all buses of the context before the
 * web server waits for its requests.
 *
 * <p>Without {@code ron.bus.buses} there is one bus, named by {@code ron.bus.name}, unless the
 * application has a bean of type {@link Bus} of its own.
 */
@AutoConfiguration
@EnableConfigurationProperties(RonBusProperties.class)
public final class RonBusAutoConfiguration {
    static final String FACTORY = "ronBusFactory";

    RonBusAutoConfiguration() {}

    @Bean(FACTORY)
    BusFactory busFactory(RonBusProperties properties) {
        return new BusFactory(properties);
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(Bus.class)
    Bus<?> ronBus(BusFactory factory) {
        return factory.one();
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "ron.bus.shutdown.enabled", matchIfMissing = true)
    static BusEnd ronBusEnd(ApplicationContext context, ConfigurableListableBeanFactory beans) {
        return new BusEnd(context, beans);
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "ron.bus.shutdown.enabled", matchIfMissing = true)
    BusShutdown ronBusShutdown(ApplicationContext context, BusEnd end) {
        return new BusShutdown(context, end);
    }

    /** Nested, so that the named buses are registered before it is asked whether there is a bus. */
    @Configuration(proxyBeanMethods = false)
    @Import(NamedBuses.class)
    static final class Named {}
}
