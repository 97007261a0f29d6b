package dev.rustyonions.bus.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** Subscribes to a stream, in order: the client asks again for what it has missed. */
final class Streams {
    /** Three of the server's heartbeats without one, and the client begins again where it was. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private Streams() {}

    static Subscription subscribe(
            Link link,
            String stream,
            String subject,
            @Nullable Instant since,
            @Nullable Ticket ticket)
            throws IOException {
        ConsumerConfiguration.Builder consumer =
                ConsumerConfiguration.builder().flowControl(HEARTBEAT);
        if (ticket != null) {
            consumer.deliverPolicy(DeliverPolicy.ByStartSequence)
                    .startSequence(ticket.sequence() + 1);
        } else if (since != null) {
            consumer.deliverPolicy(DeliverPolicy.ByStartTime)
                    .startTime(since.atZone(ZoneOffset.UTC));
        } else {
            consumer.deliverPolicy(DeliverPolicy.All);
        }
        try {
            return link.connection()
                    .jetStream()
                    .subscribe(
                            subject,
                            PushSubscribeOptions.builder().stream(stream)
                                    .ordered(true)
                                    .configuration(consumer.build())
                                    .build());
        } catch (JetStreamApiException e) {
            throw new IOException(
                    "stream "
                            + Names.quoted(stream)
                            + ": the server says: "
                            + e.getApiErrorCode()
                            + " "
                            + e.getErrorDescription(),
                    e);
        }
    }
}
