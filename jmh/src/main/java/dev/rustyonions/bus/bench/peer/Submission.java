package dev.rustyonions.bus.bench.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.LongAdder;

/**
 * The JDK's SubmissionPublisher by {@code offer}: drops the newest for the receiver that is full.
 */
final class Submission implements Peer {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SubmissionPublisher<Tick> publisher;
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final LongAdder dropped = new LongAdder();

    Submission(int capacity) {
        publisher = new SubmissionPublisher<>(threads, capacity);
    }

    @Override
    public String whenFull() {
        return "drops the newest for that receiver";
    }

    @Override
    public Feed subscribe() {
        Subscriber subscriber = new Subscriber();
        subscribers.add(subscriber);
        return ledger -> {
            subscriber.ledger = ledger;
            publisher.subscribe(subscriber);
            subscriber.ready.countDown();
            subscriber.done.await();
            if (subscriber.completed) {
                ledger.end();
            }
        };
    }

    @Override
    public void awaitReady() throws InterruptedException {
        for (Subscriber subscriber : subscribers) {
            subscriber.ready.await();
        }
    }

    private static final class Subscriber implements Flow.Subscriber<Tick> {
        final CountDownLatch ready = new CountDownLatch(1);
        final CountDownLatch done = new CountDownLatch(1);
        volatile boolean completed;
        Ledger ledger = new Ledger(0, tick -> {});

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Tick tick) {
            ledger.take(tick);
        }

        @Override
        public void onError(Throwable error) {
            done.countDown();
        }

        @Override
        public void onComplete() {
            completed = true;
            done.countDown();
        }
    }

    @Override
    public void publish(Tick tick) {
        publisher.offer(
                tick,
                (subscriber, lost) -> {
                    dropped.increment();
                    return false;
                });
    }

    @Override
    public void end() {
        publisher.close();
        threads.shutdown();
    }

    @Override
    public long counted() {
        return dropped.sum();
    }
}
