package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.sse.SseFeed;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Closes all buses of a context when it is closed, and waits for their receivers, before the web
 * server begins its graceful wait.
 *
 * <p>A feed is a request that ends with its bus. A server that waits for its requests while the bus
 * is open waits as long as it may. What stops in the phase of most beans, listeners of messages and
 * scheduled tasks for instance, stops before the buses are closed, so that its last events are
 * accepted. A bean that waits for a thread that consumes does so when it is destroyed, or stops in
 * a phase lower than {@link #PHASE}.
 */
public final class BusShutdown implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {
    /** Below the phase of most beans, and above that of the web server's graceful wait. */
    public static final int PHASE = DEFAULT_PHASE - 512;

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

    private final ApplicationContext context;
    private final ConfigurableListableBeanFactory beans;
    private final Duration drainTimeout;
    private volatile boolean running;
    private volatile boolean closing;

    BusShutdown(
            ApplicationContext context,
            ConfigurableListableBeanFactory beans,
            Duration drainTimeout) {
        this.context = context;
        this.beans = beans;
        this.drainTimeout = drainTimeout;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent closed) {
        // Contexts below this one announce their end here too.
        if (closed.getApplicationContext().equals(context)) {
            closing = true;
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /**
     * Closes the buses and waits for their receivers, if the context is being closed. A context
     * that is only stopped may be started again, and a closed bus could not be opened.
     */
    @Override
    public void stop() {
        if (!closing || !running) {
            return;
        }
        running = false;
        List<Bus<?>> buses = new ArrayList<>();
        for (Bus<?> bus : made(Bus.class)) {
            bus.close();
            buses.add(bus);
        }
        long deadline = System.nanoTime() + RonBusProperties.nanos(drainTimeout);
        for (Bus<?> bus : buses) {
            if (!bus.awaitIdle(Duration.ofNanos(deadline - System.nanoTime()))) {
                LOG.warn(left(bus));
            }
        }
        made(AfterDrain.class).forEach(each -> each.end(deadline));
        for (SseFeed<?> feed : made(SseFeed.class)) {
            feed.close();
        }
    }

    private String left(Bus<?> bus) {
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

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** A context that pauses goes on later, as contexts of tests do. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
