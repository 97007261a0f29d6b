package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.spring.RonBusProperties.NamedBus;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

import java.util.Map;

/**
 * Registers a bean for each bus of {@code ron.bus.buses}, of the name that the property has, and of
 * the type of its events where that is said. A bus of the user's that has the name is left alone.
 */
final class NamedBuses implements ImportBeanDefinitionRegistrar {
    private static final Bindable<Map<String, NamedBus>> BUSES =
            Bindable.mapOf(String.class, NamedBus.class);

    private final Environment environment;
    private final BeanFactory beans;

    NamedBuses(Environment environment, BeanFactory beans) {
        this.environment = environment;
        this.beans = beans;
    }

    @Override
    public void registerBeanDefinitions(
            AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        Binder.get(environment)
                .bind(BusFactory.BUSES, BUSES)
                .ifBound(
                        buses ->
                                buses.forEach(
                                        (name, settings) -> register(name, settings, registry)));
    }

    private void register(String name, NamedBus settings, BeanDefinitionRegistry registry) {
        if (registry.containsBeanDefinition(name)) {
            if (!beans.isTypeMatch(name, Bus.class)) {
                throw new InvalidConfigurationPropertyValueException(
                        BusFactory.BUSES,
                        name,
                        "a bean of this name is there already, and it is no Bus");
            }
            return;
        }
        Class<?> eventType = settings.getEventType();
        RootBeanDefinition bus = new RootBeanDefinition(Bus.class);
        bus.setTargetType(
                eventType == null
                        ? ResolvableType.forClass(Bus.class)
                        : ResolvableType.forClassWithGenerics(Bus.class, eventType));
        bus.setFactoryBeanName(RonBusAutoConfiguration.FACTORY);
        bus.setFactoryMethodName("named");
        bus.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        bus.setDestroyMethodName("close");
        registry.registerBeanDefinition(name, bus);
    }
}
