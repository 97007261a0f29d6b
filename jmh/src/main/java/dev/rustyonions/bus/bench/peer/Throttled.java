package dev.rustyonions.bus.bench.peer;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * The bus with publishers that hold back by {@code stats().depth()}: what a lossy bus delivers
 * when, like with a blocking peer, nothing is to be lost.
 */
final class Throttled implements Peer {
    /**
     * Of the capacity: how much of it each publisher fills between two looks, so that four of them
     * stay within the other half.
     */
    private static final int LOOKS = 16;

    private final RonBus bus;
    private final LongAdder waits = new LongAdder();
    private final int limit;
    private final int stride;

    Throttled(RonBus bus, int capacity) {
        this.bus = bus;
        this.limit = capacity / 2;
        this.stride = capacity / LOOKS;
    }

    @Override
    public String whenFull() {
        return "the publisher, who looks at the depth now and then, waits";
    }

    @Override
    public Feed subscribe() {
        return bus.subscribe();
    }

    @Override
    public void publish(Tick tick) {
        if (tick.index() % stride == 0 && bus.depth() > limit) {
            waits.increment();
            do {
                LockSupport.parkNanos(1);
            } while (bus.depth() > limit);
        }
        bus.publish(tick);
    }

    @Override
    public void end() {
        bus.end();
    }

    @Override
    public long counted() {
        return bus.counted();
    }

    @Override
    public long waits() {
        return waits.sum();
    }
}
