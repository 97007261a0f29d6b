package dev.rustyonions.bus;

import java.util.List;

/** A view of a bus that can only publish. */
final class BusSender<E> implements Sender<E> {
    private final Bus<E> bus;

    BusSender(Bus<E> bus) {
        this.bus = bus;
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
