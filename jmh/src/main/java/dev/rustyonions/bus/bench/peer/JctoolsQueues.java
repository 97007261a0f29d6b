package dev.rustyonions.bus.bench.peer;

import org.jctools.queues.MpscBlockingConsumerArrayQueue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * One JCTools queue per receiver, whose consumer parks. Drops the newest for the receiver that is
 * full.
 */
final class JctoolsQueues implements Peer {
    private final List<MpscBlockingConsumerArrayQueue<Tick>> queues = new CopyOnWriteArrayList<>();
    private final LongAdder dropped = new LongAdder();
    private final int capacity;
    private final boolean spin;

    JctoolsQueues(int capacity, boolean spin) {
        this.capacity = capacity;
        this.spin = spin;
    }

    @Override
    public String whenFull() {
        return "drops the newest for that receiver";
    }

    @Override
    public Feed subscribe() {
        MpscBlockingConsumerArrayQueue<Tick> queue = new MpscBlockingConsumerArrayQueue<>(capacity);
        queues.add(queue);
        return ledger -> {
            for (Tick tick = next(queue); !tick.isEnd(); tick = next(queue)) {
                ledger.take(tick);
            }
            ledger.end();
        };
    }

    private Tick next(MpscBlockingConsumerArrayQueue<Tick> queue) throws InterruptedException {
        if (!spin) {
            return queue.take();
        }
        Tick tick = queue.poll();
        while (tick == null) {
            Thread.onSpinWait();
            tick = queue.poll();
        }
        return tick;
    }

    @Override
    public void publish(Tick tick) {
        for (MpscBlockingConsumerArrayQueue<Tick> queue : queues) {
            if (!queue.offer(tick)) {
                dropped.increment();
            }
        }
    }

    @Override
    public void end() {
        for (MpscBlockingConsumerArrayQueue<Tick> queue : queues) {
            while (!queue.offer(Tick.END)) {
                Thread.yield();
            }
        }
    }

    @Override
    public long counted() {
        return dropped.sum();
    }
}
