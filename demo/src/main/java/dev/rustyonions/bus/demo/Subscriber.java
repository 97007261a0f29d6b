package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A receiver in a virtual thread of its own, which enters what it is handed in a ledger. */
final class Subscriber {
    private final String name;
    private final Receiver<Event> rx;
    private final long restMillis;
    private final CountDownLatch ending;
    private final Ledger ledger = new Ledger();
    private final Thread thread;

    /**
     * Subscribes and begins to receive.
     *
     * @param restMillis how long to rest after each message, 0 for not at all
     * @param ending ends the rests once it is open, so that what is left is drained at once
     */
    Subscriber(Bus<Event> bus, String name, long restMillis, CountDownLatch ending) {
        this.name = name;
        this.rx = bus.subscribe(o -> o.name(name));
        this.restMillis = restMillis;
        this.ending = ending;
        this.thread = Thread.ofVirtual().name("receiver-" + name).start(this::run);
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
        if (restMillis == 0) {
            return;
        }
        try {
            ending.await(restMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
