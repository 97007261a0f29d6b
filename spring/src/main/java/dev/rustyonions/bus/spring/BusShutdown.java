package dev.rustyonions.bus.spring;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Closes all buses of a context when it is closed or its start fails, and waits for their
 * receivers, before the web server begins its graceful wait and before any bean is destroyed.
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

    private final ApplicationContext context;
    private final BusEnd end;
    private volatile boolean running = true;
    private volatile boolean closing;

    BusShutdown(ApplicationContext context, BusEnd end) {
        this.context = context;
        this.end = end;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent closed) {
        // Contexts below this one announce their end here too.
        if (closed.getApplicationContext().equals(context)) {
            closing = true;
        }
    }

    /** It has to be known before anything is stopped. */
    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }

    @Override
    public void start() {
        running = true;
    }

    /**
     * Closes the buses and waits for their receivers, if the context is being closed or its start
     * has failed. A context that is only stopped may be started again, and a closed bus could not
     * be opened.
     */
    @Override
    public void stop() {
        if (!running || (end.hasStarted() && !closing)) {
            return;
        }
        running = false;
        end.end();
    }

    /** From the beginning: a bean of a lower phase may fail to start, and is stopped after this. */
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
