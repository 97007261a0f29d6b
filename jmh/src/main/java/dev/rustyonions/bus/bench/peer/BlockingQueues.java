package dev.rustyonions.bus.bench.peer;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** One ArrayBlockingQueue per receiver. Lossless: the producer waits for each receiver in turn. */
final class BlockingQueues implements Peer {
    private final List<ArrayBlockingQueue<Tick>> queues = new CopyOnWriteArrayList<>();
    private final LongAdder waits = new LongAdder();
    private final int capacity;

    BlockingQueues(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public String whenFull() {
        return "the publisher waits";
    }

    @Override
    public Feed subscribe() {
        ArrayBlockingQueue<Tick> queue = new ArrayBlockingQueue<>(capacity);
        queues.add(queue);
        return ledger -> {
            for (Tick tick = queue.take(); !tick.isEnd(); tick = queue.take()) {
                ledger.take(tick);
            }
            ledger.end();
        };
    }

    @Override
    public void publish(Tick tick) {
        for (ArrayBlockingQueue<Tick> queue : queues) {
            if (!queue.offer(tick)) {
                waits.increment();
                put(queue, tick);
            }
        }
    }

    private static void put(ArrayBlockingQueue<Tick> queue, Tick tick) {
        try {
            queue.put(tick);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void end() {
        for (ArrayBlockingQueue<Tick> queue : queues) {
            put(queue, Tick.END);
        }
    }

    @Override
    public long counted() {
        return 0;
    }

    @Override
    public long waits() {
        return waits.sum();
    }
}
