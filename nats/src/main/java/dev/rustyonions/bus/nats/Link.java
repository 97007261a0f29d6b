package dev.rustyonions.bus.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.regex.Pattern;

/**
 * The connection of an export or import.
 *
 * @param connection the connection
 * @param isOwned whether it was made here and is to be closed here
 */
record Link(Connection connection, boolean isOwned) {
    private static final int FOR_EVER = -1;

    /** In the address of a server: the user and the password. */
    private static final Pattern USER_INFO = Pattern.compile("//[^/\\s]*@");

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
        return new Link(connect(options == null ? settings.options() : options), true);
    }

    private static Connection connect(Options options) throws IOException, InterruptedException {
        try {
            return Nats.connect(options);
        } catch (IOException e) {
            String said = String.valueOf(e.getMessage());
            String told = USER_INFO.matcher(said).replaceAll("//...@");
            if (told.equals(said)) {
                throw e;
            }
            throw new IOException(told); // without a cause, which has the password too
        }
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

    /** Sees to it that there is such a stream, if one is named; how it is set up then. */
    @Nullable StreamConfiguration checkStream(@Nullable String stream) throws IOException {
        if (stream == null) {
            return null;
        }
        try {
            return configuration(stream);
        } catch (JetStreamApiException e) {
            throw refused(stream, e);
        }
    }

    StreamConfiguration configuration(String stream) throws IOException, JetStreamApiException {
        return connection.jetStreamManagement().getStreamInfo(stream).getConfiguration();
    }

    /** Sees to it that a stream takes what is sent under a subject. */
    static void checkTakes(StreamConfiguration stream, String subject) throws IOException {
        if (stream.getSubjects().stream().noneMatch(taken -> Names.takes(taken, subject))) {
            throw new IOException(
                    "stream "
                            + Names.quoted(stream.getName())
                            + ": it takes the subjects "
                            + stream.getSubjects()
                            + ", and "
                            + Names.quoted(subject)
                            + " is none of them");
        }
    }

    static IOException refused(String stream, JetStreamApiException e) {
        return new IOException(
                "stream " + Names.quoted(stream) + ": the server says: " + said(e), e);
    }

    static String said(JetStreamApiException e) {
        return e.getApiErrorCode() + " " + e.getErrorDescription();
    }

    boolean isConnected() {
        return connection.getStatus() == Connection.Status.CONNECTED;
    }

    /** Whether the connection will never come back. */
    boolean isClosed() {
        return connection.getStatus() == Connection.Status.CLOSED;
    }

    /** How long a message and its header may be, as the server says. */
    long maxPayload() {
        long limit = connection.getMaxPayload();
        return limit <= 0 ? Long.MAX_VALUE : limit;
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
