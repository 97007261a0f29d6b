package dev.rustyonions.bus.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The connection of an export or import.
 *
 * @param connection the connection
 * @param isOwned whether it was made here and is to be closed here
 */
record Link(Connection connection, boolean isOwned) {
    private static final int FOR_EVER = -1;

    /** The user's connection, or one made by options, those of the settings if none are given. */
    static Link of(@Nullable Connection given, @Nullable Options options, NatsSettings settings)
            throws IOException, InterruptedException {
        if (given != null && options != null) {
            throw new IllegalStateException(
                    "connection(..) and options(..): only one of the two may say how to connect");
        }
        if (given != null) {
            check("connection", given.getOptions());
            return new Link(given, false);
        }
        if (options != null) {
            check("options", options);
        }
        return new Link(Nats.connect(options == null ? settings.options() : options), true);
    }

    private static void check(String source, Options options) {
        if (options.getMaxReconnect() != FOR_EVER) {
            throw new IllegalArgumentException(
                    source
                            + ": maxReconnects("
                            + options.getMaxReconnect()
                            + ") is not allowed; allowed is "
                            + FOR_EVER
                            + ", so that an outage ends nothing for good");
        }
    }

    /** Sees to it that there is such a stream, if one is named. */
    void checkStream(@Nullable String stream) throws IOException {
        if (stream != null) {
            try {
                connection.jetStreamManagement().getStreamInfo(stream);
            } catch (JetStreamApiException e) {
                throw refused(stream, e);
            }
        }
    }

    static IOException refused(String stream, JetStreamApiException e) {
        return new IOException(
                "stream "
                        + Names.quoted(stream)
                        + ": the server says: "
                        + e.getApiErrorCode()
                        + " "
                        + e.getErrorDescription(),
                e);
    }

    boolean isConnected() {
        return connection.getStatus() == Connection.Status.CONNECTED;
    }

    /** Whether the connection will never come back. */
    boolean isClosed() {
        return connection.getStatus() == Connection.Status.CLOSED;
    }

    /** How often the connection was made again. */
    long reconnects() {
        return connection.getStatistics().getReconnects();
    }

    void closeIfOwned() {
        if (isOwned) {
            try {
                connection.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
