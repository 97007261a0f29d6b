package dev.rustyonions.bus;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The events written to the flight recorder, under the category ron-bus. None carries a payload.
 */
@SuppressWarnings("UnusedVariable") // the recorder reads the fields of the events
final class JfrEvents {
    /** Samples for the flight recorder: one message in so many. */
    private static final int SAMPLE_EVERY = 1024;

    /** Shorter waits of publishers are not written: under load there may be one at each message. */
    private static final long LONG_WAIT = TimeUnit.MILLISECONDS.toNanos(10);

    private static final Publish PUBLISH = new Publish();
    private static final Receive RECEIVE = new Receive();

    /*
     * The first object of an event class registers it, under monitors of the recorder. Made here,
     * by who makes the recorder, so that no receiver meets those while it takes a message.
     */
    static {
        new Lag();
        new Wake();
        new Failure();
        new Wait();
        new PatienceOver();
        new Close();
    }

    private JfrEvents() {}

    /** Does nothing but initialise this class. */
    static void register() {}

    static void lagged(String bus, @Nullable String receiver, Lagged<?> lag) {
        Lag event = new Lag();
        if (event.isEnabled()) {
            event.bus = bus;
            event.receiver = receiver;
            event.sequence = lag.from();
            event.missed = lag.missed();
            event.commit();
        }
    }

    static void woke(String bus, int enlisted) {
        Wake event = new Wake();
        if (event.isEnabled()) {
            event.bus = bus;
            event.receivers = enlisted;
            event.commit();
        }
    }

    static void failed(String bus, @Nullable String receiver, Class<? extends Throwable> failure) {
        Failure event = new Failure();
        if (event.isEnabled()) {
            event.bus = bus;
            event.receiver = receiver;
            event.failure = failure.getName();
            event.commit();
        }
    }

    static void waited(String bus, @Nullable String receiver, long nanos) {
        if (nanos < LONG_WAIT) {
            return;
        }
        Wait event = new Wait();
        if (event.isEnabled()) {
            event.bus = bus;
            event.receiver = receiver;
            event.waited = nanos;
            event.commit();
        }
    }

    static void patienceOver(String bus, @Nullable String receiver, long nanos) {
        PatienceOver event = new PatienceOver();
        if (event.isEnabled()) {
            event.bus = bus;
            event.receiver = receiver;
            event.waited = nanos;
            event.commit();
        }
    }

    static void closed(String bus, long published, int receivers) {
        Close event = new Close();
        if (event.isEnabled()) {
            event.bus = bus;
            event.published = published;
            event.receivers = receivers;
            event.commit();
        }
    }

    static boolean wantsSamples() {
        return PUBLISH.isEnabled() || RECEIVE.isEnabled();
    }

    /** Writes the sampled events of one bus. */
    static final class Samples implements BusObserver {
        private final String bus;

        Samples(String bus) {
            this.bus = bus;
        }

        @Override
        public int sampleEvery() {
            return SAMPLE_EVERY;
        }

        @Override
        public void published(long sequence, long nanos) {
            Publish event = new Publish();
            if (event.isEnabled()) {
                event.bus = bus;
                event.sequence = sequence;
                event.cost = nanos;
                event.commit();
            }
        }

        @Override
        public void received(Optional<String> receiver, long sequence, long nanos) {
            Receive event = new Receive();
            if (event.isEnabled()) {
                event.bus = bus;
                event.receiver = receiver.orElse(null);
                event.sequence = sequence;
                event.latency = nanos;
                event.commit();
            }
        }
    }

    // ---- the events ----

    @Name("ronbus.Lag")
    @Label("Lag")
    @Description("A receiver fell behind by more than the capacity and was told what it missed")
    @Category("ron-bus")
    @StackTrace(false)
    private static final class Lag extends Event {
        @Label("Bus")
        String bus = "";

        @Label("Receiver")
        @Description("The receiver's name, if it was given one")
        @Nullable String receiver;

        @Label("Sequence")
        @Description("The first message missed")
        long sequence;

        @Label("Missed")
        @Description("Messages missed")
        long missed;
    }

    @Name("ronbus.Wake")
    @Label("Wake")
    @Description("The receivers enlisted are being woken")
    @Category("ron-bus")
    @StackTrace(false)
    @Enabled(false) // at every publish that finds a receiver parked, which may be all of them
    private static final class Wake extends Event {
        @Label("Bus")
        String bus = "";

        @Label("Receivers")
        @Description("Enlistments, those of receivers that have left included")
        int receivers;
    }

    @Name("ronbus.Failure")
    @Label("Failure")
    @Description(
            "A consumer ended by what its handler or filter threw; its receiver stays subscribed")
    @Category("ron-bus")
    @StackTrace(false)
    private static final class Failure extends Event {
        @Label("Bus")
        String bus = "";

        @Label("Receiver")
        @Description("The receiver's name, if it was given one")
        @Nullable String receiver;

        @Label("Failure")
        @Description("The class of what was thrown")
        String failure = "";
    }

    @Name("ronbus.Wait")
    @Label("Publisher Wait")
    @Description("A publisher waited 10 ms or more for a lossless receiver")
    @Category("ron-bus")
    @StackTrace(false)
    private static final class Wait extends Event {
        @Label("Bus")
        String bus = "";

        @Label("Receiver")
        @Description("The name of the receiver found in its way first, if it was given one")
        @Nullable String receiver;

        @Label("Waited")
        @Timespan(Timespan.NANOSECONDS)
        long waited;
    }

    @Name("ronbus.PatienceOver")
    @Label("Patience Over")
    @Description("A lossless receiver became a lossy one: publishers had waited too long for it")
    @Category("ron-bus")
    @StackTrace(false)
    private static final class PatienceOver extends Event {
        @Label("Bus")
        String bus = "";

        @Label("Receiver")
        @Description("The receiver's name, if it was given one")
        @Nullable String receiver;

        @Label("Waited")
        @Description("How long publishers had waited at the message at which it stood")
        @Timespan(Timespan.NANOSECONDS)
        long waited;
    }

    @Name("ronbus.Close")
    @Label("Close")
    @Description("A bus was closed")
    @Category("ron-bus")
    @StackTrace(false)
    private static final class Close extends Event {
        @Label("Bus")
        String bus = "";

        @Label("Published")
        @Description("Messages accepted in all")
        long published;

        @Label("Receivers")
        @Description("Receivers subscribed at the close")
        int receivers;
    }

    @Name("ronbus.Publish")
    @Label("Sampled Publish")
    @Description("What the publication of one message in 1024 cost the publisher")
    @Category("ron-bus")
    @StackTrace(false)
    @Enabled(false)
    private static final class Publish extends Event {
        @Label("Bus")
        String bus = "";

        @Label("Sequence")
        long sequence;

        @Label("Cost")
        @Timespan(Timespan.NANOSECONDS)
        long cost;
    }

    @Name("ronbus.Receive")
    @Label("Sampled Receive")
    @Description("How long one message in 1024 took from publication to a receiver")
    @Category("ron-bus")
    @StackTrace(false)
    @Enabled(false)
    private static final class Receive extends Event {
        @Label("Bus")
        String bus = "";

        @Label("Receiver")
        @Description("The receiver's name, if it was given one")
        @Nullable String receiver;

        @Label("Sequence")
        long sequence;

        @Label("Latency")
        @Timespan(Timespan.NANOSECONDS)
        long latency;
    }
}
