package dev.rustyonions.bus.bench.peer;

import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * Reactor's multicast sink by {@code directBestEffort}: drops the newest, silently, for a receiver
 * without demand.
 */
final class ReactorSink implements Peer {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Scheduler scheduler = Schedulers.fromExecutorService(threads);
    private final Sinks.Many<Tick> sink = Sinks.many().multicast().directBestEffort();
    private final LongAdder waits = new LongAdder();
    private final int capacity;
    private int subscribed;

    ReactorSink(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public String whenFull() {
        return "drops the newest for that receiver, silently; concurrent producers try again";
    }

    @Override
    public Feed subscribe() {
        subscribed++;
        return ledger -> {
            CountDownLatch done = new CountDownLatch(1);
            sink.asFlux()
                    .publishOn(scheduler, capacity)
                    .subscribe(
                            ledger::take,
                            error -> done.countDown(),
                            () -> {
                                ledger.end();
                                done.countDown();
                            });
            done.await();
        };
    }

    @Override
    public void awaitReady() throws InterruptedException {
        while (sink.currentSubscriberCount() < subscribed) {
            Thread.sleep(1);
        }
    }

    @Override
    public void publish(Tick tick) {
        while (sink.tryEmitNext(tick) == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
            waits.increment();
            Thread.onSpinWait();
        }
    }

    @Override
    public void end() {
        sink.tryEmitComplete();
    }

    @Override
    public long waits() {
        return waits.sum();
    }
}
