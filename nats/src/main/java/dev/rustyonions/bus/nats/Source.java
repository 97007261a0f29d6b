package dev.rustyonions.bus.nats;

import io.nats.client.Message;
import io.nats.client.Subscription;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Where an import takes its messages from. One thread takes; the counts may be read by any. */
interface Source {
    /**
     * The next message, if there is one in time. Null too where the client or the server refuses
     * for a while.
     *
     * @param timeout how long to wait; null not to wait
     * @throws IllegalStateException if the connection was closed, and for nothing else
     */
    @Nullable Message next(@Nullable Duration timeout) throws InterruptedException;

    /** How many messages the client has received and nobody has taken. */
    long pending();

    /** How many messages the client has dropped. */
    long dropped();

    /**
     * When the stream was made that the last message was of, in milliseconds since 1970; 0 without
     * a stream. For the thread that takes.
     */
    long created();

    /** Whether what is sent now will come to {@link #next}. For the thread that takes. */
    boolean isReading();

    /** Asks the server for no more. Throws nothing. */
    void end();

    /** Ends a subscription, which may have ended by itself or with its connection. */
    static void leave(Subscription subscription) {
        try {
            subscription.unsubscribe();
        } catch (IllegalStateException e) {
            // Nothing more comes: the client has dropped it before it tells the server.
        }
    }

    /** What is sent while the import is there. */
    record Live(Link link, Subscription subscription, RareLog log) implements Source {
        @Override
        public @Nullable Message next(@Nullable Duration timeout) throws InterruptedException {
            try {
                return subscription.nextMessage(timeout);
            } catch (IllegalStateException e) {
                if (link.isClosed()) {
                    throw e;
                }
                // A connection that drains has ended its subscriptions, and is closed soon.
                log.warn("the client gives no message: " + e.getClass().getName());
                if (timeout != null) {
                    LockSupport.parkNanos(this, timeout.toNanos());
                }
                return null;
            }
        }

        @Override
        public long pending() {
            return Math.max(0, subscription.getPendingMessageCount());
        }

        @Override
        public long dropped() {
            return subscription.getDroppedCount();
        }

        @Override
        public long created() {
            return 0;
        }

        @Override
        public boolean isReading() {
            return link.isConnected() && subscription.isActive();
        }

        @Override
        public void end() {
            leave(subscription);
        }
    }
}
