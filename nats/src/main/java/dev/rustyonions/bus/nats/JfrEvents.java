package dev.rustyonions.bus.nats;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

import org.jspecify.annotations.Nullable;

/**
 * The events that exports and imports write to the flight recorder, under the category ron-bus. The
 * only name in them is that of the origin, and none carries a payload.
 */
@SuppressWarnings("UnusedVariable") // the recorder reads the fields of the events
final class JfrEvents {
    /*
     * The first object of an event class registers it, under monitors of the recorder. Made here,
     * by who makes the recorder, so that no thread of an export or import meets those.
     */
    static {
        new Disconnected();
        new Reconnected();
        new Lost();
        new Restarted();
        new Silent();
    }

    private JfrEvents() {}

    /** Does nothing but initialise this class. */
    static void register() {}

    static void told(Remote<?> remote) {
        switch (remote) {
            case Remote.Arrived<?> arrived -> {} // one for each event would fill the file
            case Remote.Lost<?> lost -> lost(lost);
            case Remote.Restarted<?> restarted -> restarted(restarted);
            case Remote.Silent<?> silent -> silent(silent);
        }
    }

    private static void lost(Remote.Lost<?> lost) {
        Lost event = new Lost();
        if (event.isEnabled()) {
            event.origin = lost.origin();
            event.cause = lost.cause().toString();
            event.number = lost.from();
            event.missed = lost.missed();
            event.commit();
        }
    }

    private static void restarted(Remote.Restarted<?> restarted) {
        Restarted event = new Restarted();
        if (event.isEnabled()) {
            event.origin = restarted.origin();
            event.commit();
        }
    }

    private static void silent(Remote.Silent<?> silent) {
        Silent event = new Silent();
        if (event.isEnabled()) {
            event.origin = silent.origin();
            event.closed = silent.closed();
            event.commit();
        }
    }

    static void disconnected(String side, @Nullable String origin) {
        Disconnected event = new Disconnected();
        if (event.isEnabled()) {
            event.side = side;
            event.origin = origin;
            event.commit();
        }
    }

    static void reconnected(String side, @Nullable String origin, long nanos) {
        Reconnected event = new Reconnected();
        if (event.isEnabled()) {
            event.side = side;
            event.origin = origin;
            event.outage = nanos;
            event.commit();
        }
    }

    // ---- the events ----

    @Name("ronbus.nats.Disconnected")
    @Label("Disconnected")
    @Description("An export or import has lost its connection to the server")
    @Category("ron-bus")
    @StackTrace(false)
    private static final class Disconnected extends Event {
        @Label("Side")
        @Description("export or import")
        String side = "";

        @Label("Origin")
        @Description("The origin of this process, if it was given one")
        @Nullable String origin;
    }

    @Name("ronbus.nats.Reconnected")
    @Label("Reconnected")
    @Description("An export or import has its connection to a server again")
    @Category("ron-bus")
    @StackTrace(false)
    private static final class Reconnected extends Event {
        @Label("Side")
        @Description("export or import")
        String side = "";

        @Label("Origin")
        @Description("The origin of this process, if it was given one")
        @Nullable String origin;

        @Label("Outage")
        @Description("How long there was no connection")
        @Timespan(Timespan.NANOSECONDS)
        long outage;
    }

    @Name("ronbus.nats.Lost")
    @Label("Lost")
    @Description("An import has told that events of an origin did not arrive")
    @Category("ron-bus")
    @StackTrace(false)
    private static final class Lost extends Event {
        @Label("Origin")
        String origin = "";

        @Label("Cause")
        String cause = "";

        @Label("Number")
        @Description("The first number lost")
        long number;

        @Label("Missed")
        @Description("Events lost")
        long missed;
    }

    @Name("ronbus.nats.Restarted")
    @Label("Restarted")
    @Description("An import hears another run of the export of an origin")
    @Category("ron-bus")
    @StackTrace(false)
    private static final class Restarted extends Event {
        @Label("Origin")
        String origin = "";
    }

    @Name("ronbus.nats.Silent")
    @Label("Silent")
    @Description("An import hears nothing of an origin any more")
    @Category("ron-bus")
    @StackTrace(false)
    private static final class Silent extends Event {
        @Label("Origin")
        String origin = "";

        @Label("Closed")
        @Description("Whether its export was closed in order")
        boolean closed;
    }
}
