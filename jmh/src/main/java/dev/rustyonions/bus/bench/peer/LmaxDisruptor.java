package dev.rustyonions.bus.bench.peer;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.EventTranslatorOneArg;
import com.lmax.disruptor.RingBuffer;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * LMAX Disruptor's multi-producer ring. Lossless: the producer waits for the slowest.
 *
 * <p>It waits before it claims a slot, by the same short parks as the ring's own {@code next}. That
 * one claims first, and receivers that have caught up then spin on the claimed slot: on virtual
 * threads they would keep the carriers from those that are waited for.
 */
final class LmaxDisruptor implements Peer {
    private static final EventTranslatorOneArg<Slot, Tick> SET =
            (slot, sequence, tick) -> slot.tick = tick;

    private final RingBuffer<Slot> ring;
    private final LongAdder waits = new LongAdder();

    /** A preallocated event that refers to a tick. */
    private static final class Slot {
        @Nullable Tick tick;
    }

    LmaxDisruptor(int capacity, boolean spin) {
        ring =
                RingBuffer.createMultiProducer(
                        Slot::new,
                        capacity,
                        spin ? new BusySpinWaitStrategy() : new BlockingWaitStrategy());
    }

    @Override
    public String whenFull() {
        return "the publisher waits";
    }

    @Override
    public Feed subscribe() {
        Handler handler = new Handler();
        BatchEventProcessor<Slot> processor =
                new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), handler);
        handler.processor = processor;
        ring.addGatingSequences(processor.getSequence());
        return ledger -> {
            handler.ledger = ledger;
            processor.run();
        };
    }

    private static final class Handler implements EventHandler<Slot> {
        @Nullable BatchEventProcessor<Slot> processor;
        @Nullable Ledger ledger;

        @Override
        public void onEvent(Slot slot, long sequence, boolean endOfBatch) {
            Tick tick = slot.tick;
            Ledger account = ledger;
            if (tick == null || account == null || processor == null) {
                throw new IllegalStateException("not set up");
            }
            if (tick.isEnd()) {
                account.end();
                processor.halt();
            } else {
                account.take(tick);
            }
        }
    }

    @Override
    public void publish(Tick tick) {
        if (!ring.tryPublishEvent(SET, tick)) {
            waits.increment();
            publishWhenFree(tick);
        }
    }

    private void publishWhenFree(Tick tick) {
        while (!ring.tryPublishEvent(SET, tick)) {
            LockSupport.parkNanos(1);
        }
    }

    @Override
    public void end() {
        publishWhenFree(Tick.END);
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
