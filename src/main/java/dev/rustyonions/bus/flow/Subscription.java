package dev.rustyonions.bus.flow;

import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One subscriber, its receiver, and the task that carries messages from the one to the other.
 *
 * @param <E> the type of event
 * @param <T> the type of element
 */
final class Subscription<E, T> implements Flow.Subscription, Runnable {
    /*
     * The task receives first and waits for demand afterwards, with the message in hand. So it
     * learns of the end of the bus without demand, as the specification of Reactive Streams allows
     * and users expect. All signals after onSubscribe come from the task, hence one after the
     * other.
     *
     * Whoever requests or cancels writes (demand, cancelled) and then unparks the task. The task
     * parks only after it has read both, so no wake-up is lost. A task that waits in the receiver
     * is woken by the close of the receiver.
     */

    /** Gives a subscriber what was received; false if it ends the stream by a lag. */
    @FunctionalInterface
    interface Giver<E, T> {
        boolean give(Received<E> received, Flow.Subscriber<? super T> subscriber);
    }

    private final Receiver<E> receiver;
    private final Giver<E, T> giver;
    private final AtomicLong demand = new AtomicLong();

    /** Null once the subscription is over: the specification asks to let go of it. */
    private volatile Flow.@Nullable Subscriber<? super T> subscriber;

    /** A request that is not allowed; 1 for none. */
    private volatile long refused = 1;

    private volatile @Nullable Thread task;

    Subscription(Receiver<E> receiver, Flow.Subscriber<? super T> subscriber, Giver<E, T> giver) {
        this.receiver = receiver;
        this.subscriber = subscriber;
        this.giver = giver;
    }

    /** Tells the subscriber of its subscription, then starts the task. */
    void start(Executor executor) {
        Flow.Subscriber<? super T> of = subscriber;
        if (of == null) {
            return;
        }
        try {
            of.onSubscribe(this);
        } catch (Throwable e) {
            cancel();
            throw e;
        }
        if (subscriber == null) {
            return; // cancelled meanwhile
        }
        try {
            executor.execute(this);
        } catch (Throwable e) {
            Flow.Subscriber<? super T> left = subscriber;
            if (left == null) {
                throw e; // the task has run here, and has ended by it
            }
            end();
            left.onError(e);
        }
    }

    // ---- the subscriber's side ----

    @Override
    public void request(long n) {
        if (n <= 0) {
            refused = n;
            receiver.close();
        } else {
            demand.accumulateAndGet(n, Subscription::sum);
        }
        LockSupport.unpark(task);
    }

    private static long sum(long before, long more) {
        long sum = before + more;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    @Override
    public void cancel() {
        end();
        LockSupport.unpark(task);
    }

    private void end() {
        subscriber = null;
        receiver.close();
    }

    // ---- the task ----

    @Override
    public void run() {
        task = Thread.currentThread();
        try (receiver) {
            while (carryOne()) {
                // the next
            }
        } finally {
            subscriber = null;
            task = null;
        }
    }

    /** Receives, waits for demand and gives; false if that was the last. */
    private boolean carryOne() {
        Received<E> received;
        try {
            received = receiver.recv();
        } catch (Throwable e) { // a function in another language need not declare what it throws
            failed(e);
            return false;
        }
        if (received instanceof Closed<E> closed) {
            ended(closed.reason());
            return false;
        }
        Flow.Subscriber<? super T> of = awaitDemand();
        if (of == null) {
            return false;
        }
        if (demand.get() != Long.MAX_VALUE) {
            demand.getAndDecrement();
        }
        if (giver.give(received, of)) {
            return true;
        }
        if (received instanceof Lagged<E> lag) {
            of.onError(new LagException(lag));
        }
        return false;
    }

    /** Tells the subscriber what the filter or the key function has thrown. */
    private void failed(Throwable thrown) {
        Flow.Subscriber<? super T> of = subscriber;
        if (of != null) {
            of.onError(thrown);
        }
    }

    /** The subscriber, once it wants an element; null if the subscription is over. */
    private Flow.@Nullable Subscriber<? super T> awaitDemand() {
        while (true) {
            Flow.Subscriber<? super T> of = subscriber;
            if (of == null) {
                return null;
            }
            if (refused <= 0) {
                ended(Reason.RECEIVER_CLOSED);
                return null;
            }
            if (demand.get() > 0) {
                return of;
            }
            if (Thread.currentThread().isInterrupted()) {
                ended(Reason.INTERRUPTED);
                return null;
            }
            LockSupport.park(this);
        }
    }

    /** Tells the subscriber how the stream ended, unless it has cancelled. */
    private void ended(Reason reason) {
        Flow.Subscriber<? super T> of = subscriber;
        if (of == null) {
            return;
        }
        long n = refused;
        if (n <= 0) {
            of.onError(
                    new IllegalArgumentException(
                            "request(" + n + "): a subscriber requests 1 element or more (3.9)"));
        } else if (reason == Reason.BUS_CLOSED) {
            of.onComplete();
        } else if (reason == Reason.EVICTED) {
            of.onError(new CancellationException("the receiver was evicted"));
        } else {
            of.onError(new CancellationException("the task of the subscription was interrupted"));
        }
    }
}
