package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusConfig;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Sender;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.Duration;

/** Which buses there are, and where they are injected. */
class BusBeansTest {
    private final ApplicationContextRunner context =
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(
                                    RonBusAutoConfiguration.class,
                                    RonBusMetricsAutoConfiguration.class,
                                    RonBusHealthAutoConfiguration.class,
                                    RonBusEndpointAutoConfiguration.class));

    record OrderEvent(int order) {}

    record PriceEvent(int cents) {}

    /** Asks for the bus of one type of events, as a service does. */
    record Orders(Bus<OrderEvent> bus, Sender<OrderEvent> sender) {}

    /** Asks for the buses of two types of events. */
    record Both(
            Bus<OrderEvent> orders,
            Sender<OrderEvent> orderSender,
            Bus<PriceEvent> prices,
            Sender<PriceEvent> priceSender) {}

    /** Asks for two buses by the names of the parameters. */
    record ByName(Bus<OrderEvent> orders, Sender<PriceEvent> prices) {}

    @Test
    void withoutAPropertyThereIsOneBusWithTheDefaultsOfTheLibrary() {
        context.run(
                started ->
                        assertThat(started.getBean(Bus.class).config())
                                .isEqualTo(Bus.builder().build().config()));
    }

    @Test
    void everySettingOfTheBuilderIsAProperty() {
        context.withPropertyValues(
                        "ron.bus.name=orders",
                        "ron.bus.capacity=1000",
                        "ron.bus.fanout-hint=7",
                        "ron.bus.burst=8",
                        "ron.bus.epoch-yield=true",
                        "ron.bus.flush-threshold=32",
                        "ron.bus.mode=edge",
                        "ron.bus.linger=70",
                        "ron.bus.overflow-warn-per-minute=5",
                        "ron.bus.metrics-namespace=shop.bus",
                        "ron.bus.amnesia-label=false",
                        "ron.bus.amnesia=on",
                        "ron.bus.pq-label=hybrid")
                .run(
                        started ->
                                assertThat(started.getBean(Bus.class).config())
                                        .isEqualTo(
                                                Bus.builder()
                                                        .name("orders")
                                                        .capacity(1000)
                                                        .fanoutHint(7)
                                                        .burst(8)
                                                        .epochYield(true)
                                                        .flushThreshold(32)
                                                        .mode(Mode.EDGE)
                                                        .linger(Duration.ofNanos(70_000))
                                                        .overflowWarnPerMinute(5)
                                                        .metricsNamespace("shop.bus")
                                                        .amnesiaLabel(false)
                                                        .amnesia(true)
                                                        .pqLabel("hybrid")
                                                        .build()
                                                        .config()));
        context.withPropertyValues("ron.bus.autotune=3")
                .run(started -> assertThat(started.getBean(Bus.class).capacity()).isEqualTo(64));
    }

    @Test
    void theLibrarysOwnSystemPropertiesDecideWhatBootDoesNotSay() {
        ApplicationContextRunner withOwn =
                context.withSystemProperties(
                        "ron.cap=128",
                        "ron.mode=batched",
                        "ron.bus.overflow.warn.per.min=7",
                        "ron.bus.metrics.namespace=shop.bus",
                        "ron.bus.emit.amnesia.label=off",
                        "ron.bus.pq.label=hybrid");
        withOwn.run(
                started -> {
                    BusConfig config = started.getBean(Bus.class).config();
                    assertThat(config.capacity()).isEqualTo(128);
                    assertThat(config.mode()).isEqualTo(Mode.BATCHED);
                    assertThat(config.overflowWarnPerMinute()).isEqualTo(7);
                    assertThat(config.metricsNamespace()).isEqualTo("shop.bus");
                    assertThat(config.amnesiaLabel()).isFalse();
                    assertThat(config.pqLabel()).contains("hybrid");
                });
        withOwn.withPropertyValues(
                        "ron.bus.capacity=32",
                        "ron.bus.buses.orders.mode=edge",
                        "ron.bus.buses.orders.pq-label=none")
                .run(
                        started -> {
                            BusConfig config = started.getBean("orders", Bus.class).config();
                            assertThat(config.capacity()).isEqualTo(32);
                            assertThat(config.mode()).isEqualTo(Mode.EDGE);
                            assertThat(config.pqLabel()).contains("none");
                            assertThat(config.overflowWarnPerMinute()).isEqualTo(7);
                        });
    }

    @Test
    void aVariableIsReadAsBootReadsVariables() {
        context.withInitializer(
                        started ->
                                TestPropertyValues.of(
                                                "RON_BUS_CAPACITY=32",
                                                "RON_BUS_METRICS_NAMESPACE=shop.bus",
                                                "RON_BUS_BUSES_ORDERS_FLUSHTHRESHOLD=40")
                                        .applyTo(
                                                started.getEnvironment(),
                                                TestPropertyValues.Type.SYSTEM_ENVIRONMENT))
                .run(
                        started -> {
                            BusConfig config = started.getBean("orders", Bus.class).config();
                            assertThat(config.capacity()).isEqualTo(32);
                            assertThat(config.metricsNamespace()).isEqualTo("shop.bus");
                            assertThat(config.flushThreshold()).isEqualTo(40);
                        });
    }

    @Test
    void theOneBusAndItsSenderAreInjectedForWhateverEventsAreAskedFor() {
        context.withBean(Orders.class)
                .run(
                        started -> {
                            Orders orders = started.getBean(Orders.class);
                            assertThat(orders.bus())
                                    .isSameAs(orders.sender())
                                    .isSameAs(started.getBean(Bus.class));
                        });
    }

    @Test
    void eachNamedBusIsABeanOfItsNameAndThereIsNoOther() {
        context.withPropertyValues(
                        "ron.bus.buses.orders.capacity=1024", "ron.bus.buses.prices.mode=batched")
                .run(
                        started -> {
                            assertThat(started.getBeansOfType(Bus.class))
                                    .containsOnlyKeys("orders", "prices");
                            Bus<?> orders = started.getBean("orders", Bus.class);
                            assertThat(orders.config().name()).isEqualTo("orders");
                            assertThat(orders.capacity()).isEqualTo(1024);
                            assertThat(started.getBean("prices", Bus.class).mode())
                                    .isEqualTo(Mode.BATCHED);
                        });
    }

    @Test
    void aNamedBusTakesWhatItDoesNotSayFromTheSharedSettings() {
        context.withPropertyValues(
                        "ron.bus.capacity=32",
                        "ron.bus.amnesia=true",
                        "ron.bus.buses.orders.amnesia=false",
                        "ron.bus.buses.prices.autotune=10")
                .run(
                        started -> {
                            Bus<?> orders = started.getBean("orders", Bus.class);
                            assertThat(orders.capacity()).isEqualTo(32);
                            assertThat(orders.config().amnesia()).isFalse();
                            Bus<?> prices = started.getBean("prices", Bus.class);
                            assertThat(prices.capacity()).isEqualTo(128);
                            assertThat(prices.config().amnesia()).isTrue();
                        });
    }

    @Test
    void namedBusesAreInjectedByTheTypeOfTheirEventsWhereThatIsSaid() {
        context.withPropertyValues(
                        "ron.bus.buses.first.event-type=" + OrderEvent.class.getName(),
                        "ron.bus.buses.second.event-type=" + PriceEvent.class.getName())
                .withBean(Both.class)
                .run(
                        started -> {
                            Both both = started.getBean(Both.class);
                            assertThat(both.orders())
                                    .isSameAs(started.getBean("first"))
                                    .isSameAs(both.orderSender());
                            assertThat(both.prices())
                                    .isSameAs(started.getBean("second"))
                                    .isSameAs(both.priceSender());
                        });
    }

    @Test
    void namedBusesAreInjectedByTheNameOfTheParameterWhereTheTypeIsNotSaid() {
        context.withPropertyValues(
                        "ron.bus.buses.orders.capacity=4", "ron.bus.buses.prices.capacity=4")
                .withBean(ByName.class)
                .run(
                        started -> {
                            ByName byName = started.getBean(ByName.class);
                            assertThat(byName.orders()).isSameAs(started.getBean("orders"));
                            assertThat(byName.prices()).isSameAs(started.getBean("prices"));
                        });
    }

    @Test
    void aBusOfTheApplicationsOwnTakesThePlaceOfTheAutomaticOne() {
        context.withUserConfiguration(OwnBus.class)
                .withBean(Orders.class)
                .run(
                        started -> {
                            assertThat(started.getBeansOfType(Bus.class)).containsOnlyKeys("own");
                            assertThat(started.getBean(Orders.class).sender())
                                    .isSameAs(started.getBean("own"));
                        });
    }

    @Test
    void aBusOfTheApplicationsOwnTakesThePlaceOfTheNamedOneOfItsNameAndStandsBesideOthers() {
        context.withUserConfiguration(OwnBus.class)
                .withPropertyValues(
                        "ron.bus.buses.own.capacity=8", "ron.bus.buses.prices.capacity=8")
                .run(
                        started -> {
                            assertThat(started.getBeansOfType(Bus.class))
                                    .containsOnlyKeys("own", "prices");
                            assertThat(started.getBean("own", Bus.class).capacity()).isEqualTo(2);
                        });
    }

    @Test
    void theBusesAreClosedWithTheContext() {
        context.withPropertyValues("ron.bus.shutdown.enabled=false")
                .run(
                        started -> {
                            Bus<?> bus = started.getBean(Bus.class);
                            started.close();
                            assertThat(bus.isClosed()).isTrue();
                        });
    }

    @Test
    void aContextThatIsStoppedOrPausedAndStartedAgainKeepsItsBusOpen() {
        context.run(
                started -> {
                    Bus<?> bus = started.getBean(Bus.class);
                    started.stop();
                    started.start();
                    started.getSourceApplicationContext().pause();
                    started.getSourceApplicationContext().restart();
                    assertThat(bus.isClosed()).isFalse();
                    started.close();
                    assertThat(bus.isClosed()).isTrue();
                });
    }

    @Test
    void theEndOfAChildContextIsNotTakenForThatOfTheContextWithTheBus() {
        context.run(
                parent -> {
                    new ApplicationContextRunner()
                            .withParent(parent)
                            .withConfiguration(AutoConfigurations.of(RonBusAutoConfiguration.class))
                            .run(
                                    child ->
                                            assertThat(child.getBean(Bus.class))
                                                    .isSameAs(parent.getBean(Bus.class)));
                    parent.stop();
                    parent.start();
                    assertThat(parent.getBean(Bus.class).isClosed()).isFalse();
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBus {
        @Bean
        Bus<OrderEvent> own() {
            return Bus.create(2);
        }
    }
}
