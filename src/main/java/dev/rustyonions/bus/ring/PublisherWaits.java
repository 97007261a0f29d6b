package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How a publisher waits until lossless receivers leave it room.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
final class PublisherWaits {
    /*
     * The protocol by which a waiting publisher is woken is Room's. Here is what else it does
     * whenever it looks, because the library has no thread that could do it: the first publisher in
     * the queue notices that a receiver it waits for was abandoned, has used up its patience, or
     * sleeps in its linger. It looks once more when its own time is up, so that a patience is used
     * up by many short waits as it is by a long one.
     *
     * That a receiver was ended or released is told to user code, and those who wait behind must
     * not wait for that too. So the publisher steps aside for as long as it takes, and keeps its
     * place.
     *
     * A wait for oneself
     * ------------------
     * A thread that handles a message of a lossless receiver and submits may find that there is no
     * room because of this very receiver. Nobody else can move it, so the wait would not end. It is
     * refused: at once, if the handler was called by the library, since the receiver moves only
     * when that handler returns; otherwise if the thread was the last to take from the receiver and
     * that has not moved for a second. The receiver may be about to be handed to another thread,
     * hence the second. A wait that is over, by its time or by an interrupt, is not refused.
     *
     * Two handlers that wait for each other's receiver are not a case of their own: the one that
     * comes to the tail finds its own receiver in the way as well, since both need room at the same
     * position.
     *
     * Errors
     * ------
     * The stack is probed before the queue is joined, and a place in the queue is left in any case.
     * No event has been accepted when a wait ends by an error. So an error in waking the next
     * publisher is dropped if the event has been accepted; that publisher looks by itself.
     */

    /**
     * How long a receiver that was last used by the waiting thread itself may stand still before
     * the wait is refused.
     */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Ring ring;
    private final Room room;
    private final Receivers receivers;
    private final ChannelListener listener;
    private final boolean lingers;

    /** How often a publisher has had to wait. */
    private final AtomicLong waits = new AtomicLong();

    /**
     * Makes one for a channel.
     *
     * @param lingers whether receivers sleep before they enlist for a wake-up
     */
    PublisherWaits(
            Ring ring, Room room, Receivers receivers, ChannelListener listener, boolean lingers) {
        this.ring = ring;
        this.room = room;
        this.receivers = receivers;
        this.listener = listener;
        this.lingers = lingers;
    }

    /** How often a publisher has had to wait so far. */
    long waits() {
        return waits.get();
    }

    /** How many wait now. */
    int waiting() {
        return room.waiting();
    }

    /**
     * Waits for room and publishes {@code event}; leaves the hint alone. To be called when there
     * was no room and everything that the caller has published before has been announced.
     *
     * @param nanos how long to wait at most; {@link Waiter#FOREVER} without limit
     * @return the sequence, {@link Ring#CLOSED}, {@link Ring#TIMED_OUT} or {@link
     *     Ring#INTERRUPTED}
     * @throws IllegalStateException if the thread would wait for itself
     */
    long claim(Object event, long nanos) {
        if (nanos <= 0) {
            return Ring.TIMED_OUT;
        }
        StackProbe.requireRoom();
        Thread self = Thread.currentThread();
        Wait wait = new Wait(self, event, nanos);
        waits.getAndIncrement();
        if (self instanceof ForkJoinWorkerThread) {
            PoolWait.run(wait::claim, () -> false);
        } else {
            wait.claim();
        }
        try {
            listener.waited(wait.holder, System.nanoTime() - wait.began);
        } catch (Throwable e) {
            // The event may have been accepted, and its publisher must be told so.
        }
        return wait.result;
    }

    /** One publisher's wait for one event. Used by one thread. */
    private final class Wait {
        final long began = System.nanoTime();
        private final Thread self;
        private final Object event;
        private final long nanos;

        /** The sequence, or why there is none; {@link Ring#FULL} as long as it is not known. */
        long result = Ring.FULL;

        /** What the receiver is called that was found in the way first. */
        @Nullable Object holder;

        /** Whether {@link #holder} is set, be it to null. */
        private boolean isHolderKnown;

        private int looks;

        /** When this publisher last looked. */
        private long lookedAt = began;

        Wait(Thread self, Object event, long nanos) {
            this.self = self;
            this.event = event;
            this.nanos = nanos;
        }

        /** Waits until the result is known. */
        void claim() {
            try {
                standInQueue();
            } catch (Throwable e) {
                if (result < 0) {
                    throw e;
                }
                // The event has been accepted, and its publisher must be told so.
            }
        }

        private void standInQueue() {
            Room.Place place = new Room.Place(self, ring.tail());
            try {
                room.join(place);
                while (result == Ring.FULL) {
                    LosslessAccount noticed = await(place);
                    if (noticed != null) {
                        room.stepAside(place);
                        tell(noticed);
                        room.stepBack(place);
                    }
                }
            } finally {
                room.leave(place);
            }
        }

        private void tell(LosslessAccount noticed) {
            if (noticed.isAbandoned()) {
                receivers.endIfAbandoned(noticed);
                return;
            }
            long held = noticed.heldNanos(); // 0 if it has moved since
            if (noticed.isTooLong(held) && noticed.release()) {
                listener.patienceOver(noticed, held);
            }
        }

        /**
         * Looks and sleeps until the result is known, or until a receiver has to be ended or
         * released, which is returned.
         */
        private @Nullable LosslessAccount await(Room.Place place) {
            while (true) {
                boolean first = room.isFirst(place);
                place.wanted = ring.tail();
                result = ring.claim(ring.hint(), event, room);
                if (result != Ring.FULL) {
                    return null;
                }
                long now = System.nanoTime();
                long left = nanos - (now - began);
                boolean isOver = left <= 0 || self.isInterrupted();
                long relook = room.relook(first);
                looks++;
                LosslessAccount account = room.holdingUp(place.wanted, null);
                while (account != null) {
                    if (isToBeTold(account, first, now, isOver)) {
                        return account;
                    }
                    if (first) {
                        relook = Math.min(relook, Math.max(1, account.patienceLeft()));
                    }
                    account = room.holdingUp(place.wanted, account);
                }
                lookedAt = now;
                if (left <= 0) {
                    result = Ring.TIMED_OUT;
                    return null;
                }
                if (self.isInterrupted()) {
                    result = Ring.INTERRUPTED;
                    return null;
                }
                room.parkNanos(Math.min(relook, left));
            }
        }

        /**
         * Looks at a receiver in the way; whether it has to be ended or released.
         *
         * <p>A collector that marks while the program runs takes an object for reachable whose weak
         * reference was read meanwhile. Read at each look, an abandoned receiver would stay for
         * ever. So the reference is asked only whether it is empty. To end the sleep of its owner
         * it has to be read, and is, at fewer and fewer looks: a sleep that nobody ends is over by
         * itself after the linger. {@link Account#get} sees to it that no other look reads it.
         */
        private boolean isToBeTold(
                LosslessAccount account, boolean first, long now, boolean isOver) {
            if (!isHolderKnown) {
                holder = account.label();
                isHolderKnown = true;
            }
            if (account.refersTo(null)) {
                return account.isLive();
            }
            boolean standsStill = now - began > GRACE_NANOS;
            boolean isOwn = account.isHandledBy(self) || (standsStill && account.isUsedBy(self));
            if (isOwn && !isOver) {
                throw waitsForItself(account);
            }
            if (lingers && Integer.bitCount(looks) == 1) {
                Subscriber receiver = account.get();
                if (receiver != null) {
                    receiver.unparkOwner(); // there is something to receive, so its sleep ends
                }
            }
            return first && account.isPatienceOver(lookedAt, now);
        }

        private IllegalStateException waitsForItself(LosslessAccount account) {
            return new IllegalStateException(
                    "this thread would wait for itself: the lossless "
                            + account.get()
                            + " is furthest behind, and this thread handles its messages;"
                            + " submit from another thread, or publish without waiting");
        }
    }
}
