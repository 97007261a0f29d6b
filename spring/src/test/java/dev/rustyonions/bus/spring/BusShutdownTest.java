package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.context.support.AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.SimpleApplicationEventMulticaster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** In which order a context ends: publishers, buses, receivers, then the web server. */
@Timeout(60)
class BusShutdownTest {
    private final ApplicationContextRunner context =
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(RonBusAutoConfiguration.class))
                    .withPropertyValues("ron.bus.shutdown.drain-timeout=30s");

    @Test
    void theBusesAreClosedBeforeTheWebServerWaits() {
        assertThat(BusShutdown.PHASE)
                .isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
                .isLessThan(SmartLifecycle.DEFAULT_PHASE);
    }

    @Test
    void whatAPublisherSaysAsItStopsIsHandledBeforeAnythingLaterStops() {
        List<Object> log = new CopyOnWriteArrayList<>();
        context.run(
                started -> {
                    Bus<String> bus = bus(started.getBean(Bus.class));
                    started.getSourceApplicationContext()
                            .getBeanFactory()
                            .registerSingleton(
                                    "publisher",
                                    stopping(
                                            SmartLifecycle.DEFAULT_PHASE,
                                            () -> log.add(bus.publish("the last event"))));
                    started.getSourceApplicationContext()
                            .getBeanFactory()
                            .registerSingleton(
                                    "server",
                                    stopping(BusShutdown.PHASE - 1, () -> log.add("server")));
                    consume(
                            bus,
                            event -> {
                                while (!bus.isClosed()) {
                                    Thread.onSpinWait();
                                }
                                log.add(event);
                            });
                    started.close();
                    assertThat(log).containsExactly(1, "the last event", "server");
                });
    }

    @Test
    void aHandlerThatIsStuckHoldsTheEndUpNoLongerThanTheDrainTimeoutAndIsNamed() {
        CountDownLatch never = new CountDownLatch(1);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger logger = (Logger) LoggerFactory.getLogger(BusShutdown.class);
        logger.addAppender(lines);
        try {
            context.withPropertyValues("ron.bus.shutdown.drain-timeout=20ms", "ron.bus.name=orders")
                    .run(
                            started -> {
                                Bus<String> bus = bus(started.getBean(Bus.class));
                                CountDownLatch inHandler = new CountDownLatch(1);
                                consume(
                                        bus,
                                        event -> {
                                            inHandler.countDown();
                                            never.await();
                                        });
                                bus.publishMany(List.of("a", "b", "c"));
                                inHandler.await();
                                started.close();
                            });
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly(
                            "bus orders: 1 receivers have not ended PT0.02S"
                                    + " (ron.bus.shutdown.drain-timeout) after the close; those"
                                    + " furthest behind: audit at 2");
        } finally {
            logger.detachAppender(lines);
            never.countDown();
        }
    }

    @Test
    void aBusThatClosesEarlyOnlyWithItsBeanIsOpenWhileLaterPhasesStop() {
        List<Object> log = new CopyOnWriteArrayList<>();
        context.withPropertyValues("ron.bus.shutdown.enabled=false")
                .run(
                        started -> {
                            Bus<?> bus = started.getBean(Bus.class);
                            stopsBelow(started, () -> log.add(bus.isClosed()));
                            started.close();
                            assertThat(log).containsExactly(false);
                            assertThat(bus.isClosed()).isTrue();
                        });
    }

    @Test
    void theBusesAreClosedInTheirTurnWhereOtherThreadsTellOfEvents() {
        List<Object> log = new CopyOnWriteArrayList<>();
        context.withBean(
                        APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
                        SimpleApplicationEventMulticaster.class,
                        () -> {
                            var events = new SimpleApplicationEventMulticaster();
                            events.setTaskExecutor(task -> {}); // has no time for any
                            return events;
                        })
                .run(
                        started -> {
                            Bus<?> bus = started.getBean(Bus.class);
                            stopsBelow(started, () -> log.add(bus.isClosed()));
                            started.getSourceApplicationContext().stop();
                            started.getSourceApplicationContext().start();
                            started.close();
                            assertThat(log).containsExactly(false, true);
                        });
    }

    /** A handler that may wait. */
    private interface Handler {
        void handle(String event) throws InterruptedException;
    }

    private static void consume(Bus<String> bus, Handler handler) {
        Receiver<String> rx = bus.subscribe(o -> o.name("audit"));
        Thread.startVirtualThread(
                () -> {
                    try (rx) {
                        rx.consume(
                                event -> {
                                    try {
                                        handler.handle(event);
                                    } catch (InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                },
                                missed -> {});
                    }
                });
    }

    @SuppressWarnings("unchecked")
    private static Bus<String> bus(Bus<?> bus) {
        return (Bus<String>) bus;
    }

    /** Adds what stops in a phase below that of the buses. */
    private static void stopsBelow(AssertableApplicationContext started, Runnable stop) {
        started.getSourceApplicationContext()
                .getBeanFactory()
                .registerSingleton("server", stopping(BusShutdown.PHASE - 1, stop));
    }

    private static SmartLifecycle stopping(int phase, Runnable stop) {
        return new SmartLifecycle() {
            private boolean running = true;

            @Override
            public void start() {
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                stop.run();
            }

            @Override
            public boolean isRunning() {
                return running;
            }

            @Override
            public int getPhase() {
                return phase;
            }
        };
    }
}
