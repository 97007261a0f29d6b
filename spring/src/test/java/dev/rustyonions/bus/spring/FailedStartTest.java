package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.spring.shop.ShopApplication;

import jakarta.annotation.PreDestroy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** A start that fails ends, though a bean waits for a thread that consumes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailedStartTest {
    private static final String FAILURE = "it cannot begin";

    private final ApplicationContextRunner context =
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(RonBusAutoConfiguration.class));

    /** Consumes in a thread of its own, and waits for it at the end. */
    private static class Consuming {
        private final Thread consumer;

        Consuming(Bus<?> bus) {
            Receiver<?> events = bus.subscribe();
            consumer = Thread.startVirtualThread(() -> events.consume(e -> {}, missed -> {}));
        }

        void awaitEnd() {
            try {
                consumer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static final class Annotated extends Consuming {
        Annotated(Bus<?> bus) {
            super(bus);
        }

        @PreDestroy
        void end() {
            awaitEnd();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithAConsumer {
        @Bean
        Annotated consumer(Bus<?> bus) {
            return new Annotated(bus);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithAConsumerThatHasADestroyMethod {
        @Bean(destroyMethod = "awaitEnd")
        Consuming consumer(Bus<?> bus) {
            return new Consuming(bus);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithABusOfItsOwn {
        @Bean(destroyMethod = "")
        Bus<String> own() {
            return Bus.create(16);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithABeanThatCannotBeMade {
        @Bean
        Object unable(Consuming first) {
            throw new IllegalStateException(FAILURE + " after " + first);
        }
    }

    private static void assertFailed(AssertableApplicationContext started) {
        assertThat(started).hasFailed();
        assertThat(started.getStartupFailure()).hasStackTraceContaining(FAILURE);
    }

    @ParameterizedTest
    @ValueSource(classes = {WithAConsumer.class, WithAConsumerThatHasADestroyMethod.class})
    void aBeanThatCannotBeMade(Class<?> consumer) {
        context.withUserConfiguration(consumer, WithABeanThatCannotBeMade.class)
                .run(FailedStartTest::assertFailed);
    }

    @Test
    void aBeanThatCannotBeMadeBesideABusThatNothingElseCloses() {
        context.withUserConfiguration(
                        WithABusOfItsOwn.class,
                        WithAConsumer.class,
                        WithABeanThatCannotBeMade.class)
                .run(FailedStartTest::assertFailed);
    }

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(
                            () ->
                                    SpringApplication.run(
                                            ShopApplication.class,
                                            "--server.port=" + taken.getLocalPort()))
                    .hasRootCauseInstanceOf(java.net.BindException.class)
                    .hasCauseInstanceOf(PortInUseException.class);
        }
    }

    /** Waits for the thread as it stops. */
    private static final class Stopping extends Consuming implements SmartLifecycle {
        private boolean running;

        Stopping(Bus<?> bus) {
            super(bus);
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            awaitEnd();
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return BusShutdown.PHASE - 2;
        }
    }

    /** Cannot start. */
    private record Failing(int getPhase) implements SmartLifecycle {
        @Override
        public void start() {
            throw new IllegalStateException(FAILURE);
        }

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {BusShutdown.PHASE - 1, SmartLifecycle.DEFAULT_PHASE})
    void aBeanThatCannotStartBesideOneThatWaitsAsItStops(int phase) {
        context.withUserConfiguration(WithAConsumer.class)
                .withBean(Stopping.class)
                .withBean(Failing.class, phase)
                .run(FailedStartTest::assertFailed);
    }

    @Configuration(proxyBeanMethods = false)
    static class WithABeanThatGoes {
        @Bean
        AutoCloseable passing(List<String> log) {
            return () -> log.add("passing");
        }

        /** As what tries a bean and does without it. */
        @Bean
        SmartInitializingSingleton dropping(DefaultListableBeanFactory beans) {
            return () -> beans.destroySingleton("passing");
        }

        @Bean
        List<String> log() {
            return new ArrayList<>();
        }
    }

    @Test
    void oneBeanThatIsDestroyedWhileOthersGoOnLeavesTheBusOpen() {
        context.withUserConfiguration(WithABeanThatGoes.class)
                .run(
                        started -> {
                            assertThat(started.getBean("log").toString()).isEqualTo("[passing]");
                            assertThat(started.getBean(Bus.class).isClosed()).isFalse();
                        });
    }
}
