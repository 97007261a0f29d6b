package dev.rustyonions.bus.bench.run;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The simple way to wake receivers, kept as the baseline: the same claim by compare-and-set, parked
 * receivers on a Treiber stack, and the publisher unparks them all itself. One publisher.
 */
final class UnparkAll {
    private final AtomicReferenceArray<@Nullable Cell> slots;
    private final AtomicReference<@Nullable Node> top = new AtomicReference<>();
    private final int mask;
    private long tail;
    private long wakeups;

    /** A message: its place in the order, and the event. */
    record Cell(long sequence, Object event) {}

    private static final class Node {
        final Thread thread = Thread.currentThread();
        @Nullable Node next;
        volatile boolean woken;
    }

    UnparkAll(int capacity) {
        slots = new AtomicReferenceArray<>(capacity);
        mask = capacity - 1;
    }

    void publish(Object event) {
        long t = tail;
        int slot = (int) t & mask;
        if (!slots.compareAndSet(slot, slots.getPlain(slot), new Cell(t, event))) {
            throw new IllegalStateException("one publisher only");
        }
        tail = t + 1;
        if (top.get() != null) {
            Node node = top.getAndSet(null);
            while (node != null) {
                Node next = node.next;
                node.woken = true;
                LockSupport.unpark(node.thread);
                wakeups++;
                node = next;
            }
        }
    }

    /** Threads unparked so far; for the publisher. */
    long wakeups() {
        return wakeups;
    }

    /** One receiver; it must keep up, since it knows no lag. */
    final class Reader {
        private long cursor;

        Object recv() {
            while (true) {
                Cell cell = slots.getAcquire((int) cursor & mask);
                if (cell != null && cell.sequence >= cursor) {
                    cursor = cell.sequence + 1;
                    return cell.event;
                }
                await();
            }
        }

        private void await() {
            Node node = new Node();
            Node below;
            do {
                below = top.get();
                node.next = below;
            } while (!top.compareAndSet(below, node));
            VarHandle.fullFence();
            while (!node.woken && isDry()) {
                LockSupport.park(this);
            }
        }

        private boolean isDry() {
            Cell cell = slots.getAcquire((int) cursor & mask);
            return cell == null || cell.sequence < cursor;
        }
    }
}
