package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.sse.SseFeed;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.BeanCreationNotAllowedException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Closes all buses of a context and waits for their receivers, once: when {@link BusShutdown} says
 * so, or before the first bean is destroyed.
 *
 * <p>A context whose start fails destroys its beans without being closed. A bean that waits there
 * for a thread that consumes would wait for ever if the bus were open.
 */
final class BusEnd
        implements DestructionAwareBeanPostProcessor,
                PriorityOrdered,
                ApplicationListener<ContextRefreshedEvent> {
    /** So many of the receivers that have not ended are shown in the log. */
    private static final int SHOWN = 10;

    private static final Log LOG = LogFactory.getLog(BusShutdown.class);

    /** What ends when the buses are closed and drained. */
    @FunctionalInterface
    interface AfterDrain {
        /**
         * Ends it.
         *
         * @param deadline of {@link System#nanoTime}, until when what is under way may go on
         */
        void end(long deadline);
    }

    /** Says that a bean could be made. */
    private static final class Allowed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Allowed() {
            super(null, null, false, false);
        }
    }

    private final ApplicationContext context;
    private final ConfigurableListableBeanFactory beans;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean started;

    BusEnd(ApplicationContext context, ConfigurableListableBeanFactory beans) {
        this.context = context;
        this.beans = beans;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent refreshed) {
        // Contexts below this one announce their start here too.
        if (refreshed.getApplicationContext().equals(context)) {
            started = true;
        }
    }

    /** It has to be known before anything can be stopped. */
    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }

    /** Whether the context has ever started. */
    boolean hasStarted() {
        return started;
    }

    /** Closes the buses and waits for their receivers; nothing if that has been done before. */
    void end() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        List<Bus<?>> buses = new ArrayList<>();
        for (Bus<?> bus : made(Bus.class)) {
            bus.close();
            buses.add(bus);
        }
        Duration drainTimeout = drainTimeout();
        long deadline = System.nanoTime() + RonBusProperties.nanos(drainTimeout);
        for (Bus<?> bus : buses) {
            if (!bus.awaitIdle(Duration.ofNanos(deadline - System.nanoTime()))) {
                LOG.warn(left(bus, drainTimeout));
            }
        }
        made(AfterDrain.class).forEach(each -> each.end(deadline));
        for (SseFeed<?> feed : made(SseFeed.class)) {
            feed.close();
        }
    }

    /** Of the properties, which are not there if the start failed before anything needed them. */
    private Duration drainTimeout() {
        return made(RonBusProperties.class).stream()
                .findFirst()
                .orElseGet(RonBusProperties::new)
                .getShutdown()
                .getDrainTimeout();
    }

    private static String left(Bus<?> bus, Duration drainTimeout) {
        List<ReceiverStats> receivers = bus.receivers();
        return "bus "
                + bus.config().name()
                + ": "
                + receivers.size()
                + " receivers have not ended "
                + drainTimeout
                + " (ron.bus.shutdown.drain-timeout) after the close; those furthest behind: "
                + receivers.stream()
                        .limit(SHOWN)
                        .map(each -> each.name().orElse("#" + each.id()) + " at " + each.depth())
                        .collect(Collectors.joining(", "));
    }

    /** The beans of a type that have been made; making one now would be too late. */
    private <T> List<T> made(Class<T> type) {
        List<T> made = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(type, false, false)) {
            Object bean = beans.getSingleton(name);
            if (type.isInstance(bean)) {
                made.add(type.cast(bean));
            }
        }
        return made;
    }

    /** Those that the start makes. Beans of a request come and go while the buses are open. */
    @Override
    public boolean requiresDestruction(Object bean) {
        return !started;
    }

    @Override
    public void postProcessBeforeDestruction(Object bean, String name) {
        if (!ended.get() && areAllDestroyed()) {
            end();
        }
    }

    /** Whether all beans are being destroyed: one alone may be too, while the others go on. */
    private boolean areAllDestroyed() {
        if (!(beans instanceof DefaultSingletonBeanRegistry registry)) {
            return false;
        }
        try {
            registry.getSingleton(
                    BusEnd.class.getName() + ".none",
                    () -> {
                        throw new Allowed();
                    });
            return false;
        } catch (Allowed e) {
            return false;
        } catch (BeanCreationNotAllowedException e) {
            return true;
        }
    }

    /** Before those that call {@code @PreDestroy}. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
