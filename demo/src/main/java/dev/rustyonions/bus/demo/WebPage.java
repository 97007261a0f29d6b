package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.console.Console;
import dev.rustyonions.bus.console.Panel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * The console with controls of the demo: the load, and one receiver that stands still, comes, goes
 * and loses nothing on request.
 */
final class WebPage implements AutoCloseable {
    /** What the slider chooses from, in events a second. */
    private static final long[] RATES = {
        0, 10, 50, 200, 1_000, 5_000, 20_000, 100_000, 500_000, Arguments.FLAT_OUT
    };

    /** The receiver that the buttons are about. */
    private static final String SUBJECT = "fast-1";

    private final Bus<Event> bus;
    private final List<Subscriber> subscribers;
    private final CountDownLatch drain;
    private final Publishing publishing;
    private final SyntheticLoad load;
    private final Console console;
    private int added;

    /**
     * Opens the page.
     *
     * @param subscribers those there are; may be read by others while the page adds to it
     * @param drain ends the rests of those that the page adds
     * @param port where to listen; 0 for any free port
     */
    WebPage(
            Bus<Event> bus,
            List<Subscriber> subscribers,
            CountDownLatch drain,
            Publishing publishing,
            SyntheticLoad load,
            int port)
            throws IOException {
        this.bus = bus;
        this.subscribers = subscribers;
        this.drain = drain;
        this.publishing = publishing;
        this.load = load;
        Panel panel =
                new Panel(
                                "Demo",
                                "Stall "
                                        + SUBJECT
                                        + ": its depth rises to the capacity, and then its loss is"
                                        + " counted. Make it lossless and let publishers wait: they"
                                        + " stand still until you wake or evict it.")
                        .slider("Load", RATES.length - 1, this::position, this::move, this::text)
                        .button(this::stallLabel, this::stall)
                        .button(this::losslessLabel, this::lossless)
                        .button(this::waitsLabel, () -> publishing.setWaits(!publishing.waits()))
                        .button(() -> "Add a receiver", this::add)
                        .button(() -> "Remove the newest receiver", this::remove);
        publishing.tell(message -> panel.note(Table.text(message)));
        console = Console.builder().buses(bus).panel(panel).serve(port);
    }

    String address() {
        return console.uri().toString();
    }

    // ---- the load ----

    private int position() {
        int nearest = 0;
        for (int i = 0; i < RATES.length; i++) {
            if (asRate(RATES[i]) <= asRate(load.rate())) {
                nearest = i;
            }
        }
        return nearest;
    }

    /** As a number to compare. */
    private static long asRate(long rate) {
        return rate == Arguments.FLAT_OUT ? Long.MAX_VALUE : rate;
    }

    private void move(int position) {
        load.setRate(RATES[position]);
    }

    private String text(int position) {
        return RATES[position] == Arguments.FLAT_OUT
                ? "flat out"
                : String.format(Locale.ROOT, "%,d events/s", RATES[position]);
    }

    // ---- the receiver ----

    /** The last of that name that is still there; null if there is none. */
    private @Nullable Subscriber subject() {
        return subscribers.reversed().stream()
                .filter(s -> s.name().equals(SUBJECT) && !s.hasEnded())
                .findFirst()
                .orElse(null);
    }

    private String stallLabel() {
        Subscriber subject = subject();
        return subject == null
                ? "Subscribe " + SUBJECT + " again"
                : (subject.isStalled() ? "Wake " : "Stall ") + SUBJECT;
    }

    private void stall() {
        Subscriber subject = subject();
        if (subject == null) {
            subscribers.add(Subscriber.late(bus, SUBJECT, false, drain));
        } else if (subject.isStalled()) {
            subject.wake();
        } else {
            subject.stall();
        }
    }

    private String losslessLabel() {
        return isLossless() ? "Let " + SUBJECT + " lose again" : "Make " + SUBJECT + " lossless";
    }

    private boolean isLossless() {
        Subscriber subject = subject();
        return subject != null
                && bus.receivers().stream()
                        .anyMatch(r -> r.id() == subject.receiver().id() && r.lossless());
    }

    /** What a receiver may lose is chosen when it subscribes, so it subscribes anew. */
    private void lossless() {
        boolean lossless = !isLossless();
        Subscriber before = subject();
        subscribers.add(Subscriber.late(bus, SUBJECT, lossless, drain));
        if (before != null) {
            before.receiver().close();
            before.wake();
        }
    }

    private String waitsLabel() {
        return publishing.waits()
                ? "Publishers go on at once (publish)"
                : "Publishers wait for lossless ones (submit)";
    }

    // ---- others ----

    private void add() {
        added++;
        subscribers.add(Subscriber.late(bus, "added-" + added, false, drain));
    }

    private void remove() {
        subscribers.reversed().stream()
                .filter(s -> !s.hasEnded() && s.name().startsWith("added-"))
                .findFirst()
                .ifPresent(
                        s -> {
                            s.receiver().close();
                            s.wake();
                        });
    }

    /** Ends the page, with nobody left waiting for a receiver that it has stalled. */
    @Override
    public void close() {
        console.close();
        publishing.setWaits(false);
        subscribers.forEach(Subscriber::wake);
    }
}
