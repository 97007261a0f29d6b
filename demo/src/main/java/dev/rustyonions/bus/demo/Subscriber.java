package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A receiver in a virtual thread of its own, which enters what it is handed in a ledger. */
final class Subscriber {
    private final String name;
    private final Receiver<Event> rx;
    private final long restMillis;
    private final CountDownLatch ending;
    private final boolean late;
    private final Ledger ledger;
    private final Thread thread;

    /** Closed while the handler is to stand still; null while it is not. */
    private volatile @Nullable CountDownLatch gate;

    /**
     * Subscribes and begins to receive.
     *
     * @param restMillis how long to rest after each message, 0 for not at all
     * @param ending ends the rests once it is open, so that what is left is drained at once
     */
    Subscriber(Bus<Event> bus, String name, long restMillis, CountDownLatch ending) {
        this(bus.subscribe(o -> o.name(name)), name, restMillis, ending, false);
    }

    private Subscriber(
            Receiver<Event> rx, String name, long restMillis, CountDownLatch ending, boolean late) {
        this.name = name;
        this.rx = rx;
        this.restMillis = restMillis;
        this.ending = ending;
        this.late = late;
        this.ledger = new Ledger(late ? rx.position() : 0);
        this.thread = Thread.ofVirtual().name("receiver-" + name).start(this::run);
    }

    /** One that comes when events have been published already, and may be lossless. */
    static Subscriber late(Bus<Event> bus, String name, boolean lossless, CountDownLatch ending) {
        Receiver<Event> rx =
                bus.subscribe(
                        o -> {
                            o.name(name);
                            if (lossless) {
                                o.lossless();
                            }
                        });
        return new Subscriber(rx, name, 0, ending, true);
    }

    private void run() {
        try (rx) {
            receive();
        } catch (RuntimeException | Error e) {
            ledger.failed(e);
            throw e;
        }
    }

    private void receive() {
        while (true) {
            switch (rx.recv()) {
                case Message<Event> message -> {
                    ledger.message(message);
                    rest();
                }
                case Lagged<Event> lagged -> ledger.lagged(lagged.from(), lagged.missed());
                case Closed<Event> closed -> {
                    ledger.closed(closed.reason());
                    return;
                }
            }
        }
    }

    private void rest() {
        CountDownLatch held = gate;
        if (restMillis == 0 && held == null) {
            return;
        }
        try {
            if (held != null) {
                held.await();
            }
            ending.await(restMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has the handler stand still with the next message that it is given. */
    void stall() {
        gate = new CountDownLatch(1);
    }

    void wake() {
        CountDownLatch held = gate;
        gate = null;
        if (held != null) {
            held.countDown();
        }
    }

    boolean isStalled() {
        return gate != null;
    }

    /** Whether it has come later than the first event, or gone before the last. */
    boolean isVisitor() {
        Reason end = ledger.end();
        return late || end == Reason.RECEIVER_CLOSED || end == Reason.EVICTED;
    }

    boolean hasEnded() {
        return ledger.end() != null;
    }

    String name() {
        return name;
    }

    Receiver<Event> receiver() {
        return rx;
    }

    Ledger ledger() {
        return ledger;
    }

    void join() throws InterruptedException {
        thread.join();
    }
}
