package dev.rustyonions.bus.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads a stream in its order, message by message, and begins again behind the last one whenever
 * something was in the way.
 */
final class StreamSource implements Source {
    /*
     * The server numbers what it delivers to a consumer from 1. A number that is not the next one
     * shows that the client has dropped something. A connection that was made again may have left
     * something out, and the consumer may have ended with the server. A consumer that was on
     * another server may end without that; so one that has delivered nothing for a while is asked
     * for. In each case a new consumer begins behind the last message that was taken. The ordered
     * consumer of the client is not used: with a server of version 2.9 it stood still after an
     * outage under load.
     *
     * A stream that was deleted and made again numbers from 1. It is known by the time when it was
     * made, and is read from its beginning; the accounts drop what they have had. The time is asked
     * for whenever the consumer may have ended with its stream. It is not where the client has
     * dropped something: then the connection is full of what the server still sends, and an answer
     * would come too late.
     */

    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Duration INACTIVE = Duration.ofSeconds(30);

    private final Link link;
    private final String stream;
    private final String subject;
    private @Nullable Instant since;
    private final int pendingMessages;
    private final RareLog log;

    private volatile @Nullable JetStreamSubscription subscription;
    private final AtomicLong droppedBefore = new AtomicLong();
    private long sequence;
    private long created;
    private boolean maybeMadeAgain = true;
    private long delivered;
    private long reconnects;
    private long triedAt;
    private long heardAt;

    /**
     * Subscribes.
     *
     * @param sequence the last sequence of the stream that was taken; 0 for none
     * @param created when the stream with that sequence was made, in milliseconds since 1970
     */
    StreamSource(
            Link link,
            String stream,
            String subject,
            @Nullable Instant since,
            long sequence,
            long created,
            int pendingMessages,
            RareLog log)
            throws IOException {
        this.link = link;
        this.stream = stream;
        this.subject = subject;
        this.since = since;
        this.sequence = sequence;
        this.created = created;
        this.pendingMessages = pendingMessages;
        this.log = log;
        try {
            subscription = subscribe();
        } catch (JetStreamApiException e) {
            throw Link.refused(stream, e);
        }
    }

    private JetStreamSubscription subscribe() throws IOException, JetStreamApiException {
        reconnects = link.reconnects();
        delivered = 0;
        triedAt = System.nanoTime();
        heardAt = triedAt;
        if (maybeMadeAgain) {
            beginAgainIfMadeAgain();
        }
        ConsumerConfiguration.Builder consumer =
                ConsumerConfiguration.builder()
                        .ackPolicy(AckPolicy.None)
                        .inactiveThreshold(INACTIVE);
        if (sequence > 0) {
            consumer.deliverPolicy(DeliverPolicy.ByStartSequence).startSequence(sequence + 1);
        } else if (since != null) {
            consumer.deliverPolicy(DeliverPolicy.ByStartTime)
                    .startTime(since.atZone(ZoneOffset.UTC));
        } else {
            consumer.deliverPolicy(DeliverPolicy.All);
        }
        JetStreamSubscription begun =
                link.connection()
                        .jetStream()
                        .subscribe(
                                subject,
                                PushSubscribeOptions.builder().stream(stream)
                                        .pendingMessageLimit(pendingMessages)
                                        .pendingByteLimit(-1)
                                        .configuration(consumer.build())
                                        .build());
        maybeMadeAgain = false;
        return begun;
    }

    private void beginAgainIfMadeAgain() throws IOException, JetStreamApiException {
        long made =
                link.connection()
                        .jetStreamManagement()
                        .getStreamInfo(stream)
                        .getCreateTime()
                        .toInstant()
                        .toEpochMilli();
        if (sequence > 0 && made != created) {
            log.warn("the stream " + stream + " was made again, and is read from its beginning");
            sequence = 0;
            since = null;
        }
        created = made;
    }

    @Override
    public @Nullable Message next(@Nullable Duration timeout) throws InterruptedException {
        if (link.isClosed()) {
            throw new IllegalStateException("the connection was closed");
        }
        JetStreamSubscription current = subscription;
        if (current == null || reconnects != link.reconnects()) {
            maybeMadeAgain |= reconnects != link.reconnects();
            current = subscribeAgain();
        }
        if (current == null) {
            if (timeout != null) {
                LockSupport.parkNanos(this, timeout.toNanos());
            }
            return null;
        }
        try {
            return next(current, timeout);
        } catch (IllegalStateException e) {
            // The subscription has ended by itself, or the server has sent a status of its
            // consumer.
            log.warn(
                    "the stream "
                            + stream
                            + " gives no message, and is subscribed to again: "
                            + e.getClass().getName());
            maybeMadeAgain = true;
            leave();
            return null;
        }
    }

    private @Nullable Message next(JetStreamSubscription current, @Nullable Duration timeout)
            throws InterruptedException {
        Message message = current.nextMessage(timeout);
        if (message == null) {
            if (current.getDroppedCount() > 0) {
                leave(); // what was dropped at the end has no successor to show it
            } else {
                checkIfQuiet(current);
            }
            return null;
        }
        heardAt = System.nanoTime();
        if (message.metaData().consumerSequence() != delivered + 1) {
            leave();
            return null;
        }
        delivered++;
        sequence = message.metaData().streamSequence();
        return message;
    }

    private @Nullable JetStreamSubscription subscribeAgain() {
        leave();
        if (link.isConnected() && System.nanoTime() - triedAt > AGAIN_NANOS) {
            try {
                subscription = subscribe();
            } catch (IOException | JetStreamApiException | IllegalStateException e) {
                maybeMadeAgain |= e instanceof JetStreamApiException;
                log.warn("the stream " + stream + " cannot be read, and is tried again");
            }
        }
        return subscription;
    }

    private void checkIfQuiet(JetStreamSubscription current) {
        if (System.nanoTime() - heardAt > QUIET_NANOS && link.isConnected()) {
            heardAt = System.nanoTime();
            try {
                if (current.getConsumerInfo() != null) { // so the client says that there is one
                    return;
                }
            } catch (IOException | JetStreamApiException | IllegalStateException e) {
                // It cannot be asked for, which is as good as gone. The last is a full queue too.
            }
            maybeMadeAgain = true;
            leave();
        }
    }

    private void leave() {
        JetStreamSubscription left = subscription;
        if (left != null) {
            subscription = null;
            droppedBefore.addAndGet(left.getDroppedCount());
            Source.leave(left);
        }
    }

    @Override
    public long pending() {
        JetStreamSubscription current = subscription;
        return current == null ? 0 : Math.max(0, current.getPendingMessageCount());
    }

    @Override
    public long dropped() {
        JetStreamSubscription current = subscription;
        return droppedBefore.get() + (current == null ? 0 : current.getDroppedCount());
    }

    @Override
    public long created() {
        return created;
    }

    @Override
    public boolean isReading() {
        return link.isConnected() && subscription != null && reconnects == link.reconnects();
    }

    @Override
    public void end() {
        leave();
    }
}
