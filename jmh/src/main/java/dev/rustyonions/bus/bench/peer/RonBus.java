package dev.rustyonions.bus.bench.peer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;

import java.util.List;

/** The bus under test. */
final class RonBus implements Peer {
    private final Bus<Tick> bus;
    private final boolean spin;

    /** Whether receivers are lossless and publishers wait for them. */
    private final boolean lossless;

    RonBus(Mode mode, int capacity, boolean spin) {
        this(bus(mode, capacity), spin, false);
    }

    RonBus(Bus<Tick> bus, boolean spin, boolean lossless) {
        this.bus = bus;
        this.spin = spin;
        this.lossless = lossless;
    }

    static RonBus lossless(Mode mode, int capacity, boolean spin) {
        return new RonBus(bus(mode, capacity), spin, true);
    }

    private static Bus<Tick> bus(Mode mode, int capacity) {
        return Bus.builder().mode(mode).capacity(capacity).overflowWarnPerMinute(0).build();
    }

    @Override
    public String whenFull() {
        return lossless
                ? "the publisher waits"
                : "overwrites the oldest and tells the receiver how many";
    }

    @Override
    public Feed subscribe() {
        Receiver<Tick> rx = lossless ? bus.subscribe(SubscribeOptions::lossless) : bus.subscribe();
        return spin ? ledger -> poll(rx, ledger) : ledger -> block(rx, ledger);
    }

    private static void block(Receiver<Tick> rx, Ledger ledger) {
        while (true) {
            switch (rx.recv()) {
                case Message<Tick>(long sequence, Tick tick) -> ledger.take(tick);
                case Lagged<Tick>(long from, long missed) -> ledger.tell(missed);
                case Closed<Tick> closed -> {
                    ledger.end();
                    return;
                }
            }
        }
    }

    private static void poll(Receiver<Tick> rx, Ledger ledger) {
        while (true) {
            Polled<Tick> polled = rx.tryRecv();
            switch (polled) {
                case Message<Tick>(long sequence, Tick tick) -> ledger.take(tick);
                case Empty<Tick> empty -> Thread.onSpinWait();
                case Lagged<Tick>(long from, long missed) -> ledger.tell(missed);
                case Closed<Tick> closed -> {
                    ledger.end();
                    return;
                }
            }
        }
    }

    @Override
    public void publish(Tick tick) {
        if (lossless) {
            bus.submit(tick);
        } else {
            bus.publish(tick);
        }
    }

    @Override
    public void publishAll(List<Tick> ticks) {
        if (bus.mode() == Mode.BATCHED) {
            bus.publishMany(ticks);
        } else {
            Peer.super.publishAll(ticks);
        }
    }

    @Override
    public void end() {
        bus.close();
    }

    @Override
    public long counted() {
        return bus.stats().missed();
    }

    @Override
    public long waits() {
        return bus.stats().publisherWaits();
    }
}
