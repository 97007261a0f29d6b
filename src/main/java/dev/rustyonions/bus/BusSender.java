package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.PadBefore;

import java.time.Duration;
import java.util.List;

/** The bus behind a sender; publishers read it, so it shares no cache line with what is written. */
abstract class BusSenderPart<E> extends PadBefore {
    final Bus<E> bus;

    BusSenderPart(Bus<E> bus) {
        this.bus = bus;
    }
}

/** A view of a bus that can only publish. */
final class BusSender<E> extends BusSenderPart<E> implements Sender<E> {
    int afterGap;
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;

    BusSender(Bus<E> bus) {
        super(bus);
    }

    @Override
    public int publish(E event) {
        return bus.publish(event);
    }

    @Override
    public long publishSequenced(E event) {
        return bus.publishSequenced(event);
    }

    @Override
    public long submit(E event) {
        return bus.submit(event);
    }

    @Override
    public long offer(E event, Duration timeout) {
        return bus.offer(event, timeout);
    }

    @Override
    public int submitMany(List<? extends E> events) {
        return bus.submitMany(events);
    }

    @Override
    public Batch<E> waitingBatch() {
        return bus.waitingBatch();
    }

    @Override
    public int publishMany(List<? extends E> events) {
        return bus.publishMany(events);
    }

    @Override
    public Batch<E> batch() {
        return bus.batch();
    }

    @Override
    public String toString() {
        return "Sender of " + bus;
    }
}
