package dev.rustyonions.bus.bench.peer;

import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * The bare hand-over that latencies are held against: a bounded queue per receiver that keeps every
 * event, park and unpark, nothing else. One producer.
 */
final class HandOver implements Peer {
    /** So long that no queue is full at the rates measured, only flat out. */
    private static final int KEPT = 1 << 20;

    private final List<Lane> lanes = new CopyOnWriteArrayList<>();

    private static final class Lane {
        final SpscArrayQueue<Tick> queue = new SpscArrayQueue<>(KEPT);
        volatile @Nullable Thread parked;

        Tick next() {
            while (true) {
                Tick tick = queue.poll();
                if (tick != null) {
                    return tick;
                }
                parked = Thread.currentThread();
                tick = queue.poll();
                if (tick == null) {
                    LockSupport.park(this);
                }
                parked = null;
                if (tick != null) {
                    return tick;
                }
            }
        }

        @SuppressWarnings("ThreadPriorityCheck") // whoever makes room may need this processor
        void put(Tick tick) {
            while (!queue.offer(tick)) {
                Thread.yield();
            }
            // The queue's store is a release only; a receiver that parks must not be overlooked.
            VarHandle.fullFence();
            Thread waiting = parked;
            if (waiting != null) {
                parked = null;
                LockSupport.unpark(waiting);
            }
        }
    }

    @Override
    public String whenFull() {
        return "the publisher waits";
    }

    @Override
    public Feed subscribe() {
        Lane lane = new Lane();
        lanes.add(lane);
        return ledger -> {
            for (Tick tick = lane.next(); !tick.isEnd(); tick = lane.next()) {
                ledger.take(tick);
            }
            ledger.end();
        };
    }

    @Override
    public void publish(Tick tick) {
        for (Lane lane : lanes) {
            lane.put(tick);
        }
    }

    @Override
    public void end() {
        publish(Tick.END);
    }

    @Override
    public long counted() {
        return 0;
    }
}
