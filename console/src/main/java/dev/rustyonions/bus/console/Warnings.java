package dev.rustyonions.bus.console;

import dev.rustyonions.bus.Advice;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusStats;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.console.BusReading.Rates;
import dev.rustyonions.bus.console.Warning.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the known bad patterns of one bus. One thread reads; observers may tell from any thread.
 *
 * <p>Each pattern has a time for which it must hold before it is a warning, so that what is over in
 * a moment is none.
 */
final class Warnings {
    private static final long STUCK_MILLIS = 5_000;
    private static final long HELD_UP_MILLIS = 3_000;
    private static final long NOBODY_MILLIS = 2_000;
    private static final long EDGE_MILLIS = 5_000;

    /** For how long something that happened once is shown. */
    private static final long SHOWN_MILLIS = 300_000;

    /** Wake-ups cost little below this rate of events. */
    private static final double EDGE_RATE = 1_000;

    /** More names than this, most of them gone, are names without end. */
    private static final int MANY_NAMES = 200;

    /** Names remembered, so that the memory for them is bounded. */
    private static final int MOST_NAMES = 1_000;

    /** Warnings of a reading about single receivers, of one kind. */
    private static final int MOST_OF_A_KIND = 5;

    /** Receivers that something happened to. */
    private static final int MOST_HAPPENED = 100;

    /** Something that happened to a receiver of that name. */
    private record Happened(Moment first, Moment last, long times, String what) {}

    private final Bus<?> bus;
    private final Since since = new Since();
    private final Map<String, Happened> failures = new ConcurrentHashMap<>();
    private final Map<String, Happened> patience = new ConcurrentHashMap<>();
    private final Map<String, Happened> headroom = new ConcurrentHashMap<>();
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private @Nullable BusStats last;

    Warnings(Bus<?> bus) {
        this.bus = bus;
    }

    void named(String name) {
        if (names.size() < MOST_NAMES) {
            names.add(name);
        }
    }

    void failed(Optional<String> receiver, Class<? extends Throwable> failure) {
        happened(failures, receiver, "ended by " + failure.getName());
    }

    void patienceOver(Optional<String> receiver, long nanos) {
        happened(patience, receiver, "held publishers up for " + nanos / 1_000_000 + " ms");
    }

    private static void happened(Map<String, Happened> to, Optional<String> receiver, String what) {
        happenedAt(to, receiver.orElse(""), what, Moment.now());
    }

    private static void happenedAt(Map<String, Happened> to, String who, String what, Moment now) {
        if (to.size() < MOST_HAPPENED || to.containsKey(who)) {
            to.merge(
                    who,
                    new Happened(now, now, 1, what),
                    (before, next) ->
                            new Happened(before.first, next.last, before.times + 1, what));
        }
    }

    Round begin(Moment now, BusStats stats, Rates rates, boolean first) {
        return new Round(now, stats, rates, first);
    }

    /** One reading: first all receivers, then the end. */
    final class Round {
        private final Moment now;
        private final BusStats stats;
        private final Rates rates;
        private final boolean first;
        private final long publishedSince;
        private final List<Warning> found = new ArrayList<>();
        private final Set<String> living = new HashSet<>();
        private int waiting;

        private Round(Moment now, BusStats stats, Rates rates, boolean first) {
            this.now = now;
            this.stats = stats;
            this.rates = rates;
            this.first = first;
            this.publishedSince = last == null ? 0 : stats.published() - last.published();
        }

        void receiver(ReceiverStats receiver, boolean isNew, Moment movedAt) {
            receiver.name().ifPresent(living::add);
            receiver.name().ifPresent(Warnings.this::named);
            if (receiver.waiting()) {
                waiting++;
            }
            if (isNew && !first) {
                began(receiver);
            }
            boolean behind = receiver.depth() >= stats.capacity();
            if (behind && now.millisSince(movedAt) >= STUCK_MILLIS) {
                boolean holdsUp = receiver.lossless() && stats.publishersWaiting() > 0;
                add(
                        holdsUp ? Kind.PUBLISHERS_STUCK : Kind.RECEIVER_STUCK,
                        movedAt,
                        receiver.id(),
                        "Receiver "
                                + Watched.nameOf(receiver)
                                + " has taken nothing for "
                                + now.millisSince(movedAt) / 1_000
                                + " s and is a whole window behind.");
            }
        }

        /** Looks whether one that is new began with messages of before, and with how many. */
        private void began(ReceiverStats receiver) {
            long account = Watched.taken(receiver) + receiver.missed() + receiver.depth();
            boolean beganInThePast = account > publishedSince + stats.capacity() / 8;
            boolean wholeWindow = receiver.missed() > 0 || account >= stats.capacity();
            if (beganInThePast && wholeWindow && rates.published() > 0) {
                happenedAt(
                        headroom,
                        receiver.name().orElse(""),
                        "began with the whole window, under "
                                + perSecond(rates.published())
                                + " events/s",
                        now);
            }
        }

        List<Warning> end() {
            Advice advice = bus.advice();
            if (!stats.closed()) {
                wholeBus(advice);
            }
            tell(Kind.CONSUMER_FAILED, failures, "The consumer of ");
            tell(Kind.PATIENCE_OVER, patience, "");
            tell(Kind.NO_HEADROOM, headroom, "");
            since.settle();
            last = stats;
            found.sort(Comparator.comparing(Warning::kind));
            return List.copyOf(found);
        }

        private void wholeBus(Advice advice) {
            if (advice.capacity() == 0) {
                // What helps follows in the words of the warning.
                String text = advice.text().replaceFirst("(?<=on average\\.|at once\\.).*", "");
                holding(Kind.TOO_SLOW, true, 0, text);
            }
            if (advice.capacity() > stats.capacity()) {
                holding(
                        Kind.BURST_ABOVE_CAPACITY,
                        true,
                        0,
                        "The capacity is "
                                + stats.capacity()
                                + "; "
                                + advice.capacity()
                                + " would have held at 99 of 100 lags of late.");
            }
            holding(
                    Kind.PUBLISHERS_HELD_UP,
                    stats.publishersWaiting() > 0
                            && found.stream().noneMatch(w -> w.kind() == Kind.PUBLISHERS_STUCK),
                    HELD_UP_MILLIS,
                    stats.publishersWaiting()
                            + (stats.publishersWaiting() == 1
                                    ? " publisher waits"
                                    : " publishers wait")
                            + " for a lossless receiver.");
            holding(
                    Kind.NOBODY_SUBSCRIBED,
                    stats.receivers() == 0 && publishedSince > 0,
                    NOBODY_MILLIS,
                    perSecond(rates.published())
                            + " events/s are published, and there is no receiver.");
            // Each receiver that is up to date is woken for each event: so many could be saved.
            double couldBe = rates.published() * Math.max(1, waiting);
            holding(
                    Kind.EDGE_WOULD_SAVE,
                    bus.mode() != Mode.EDGE
                            && rates.published() >= EDGE_RATE
                            && rates.wakeups() >= couldBe / 2,
                    EDGE_MILLIS,
                    perSecond(rates.wakeups())
                            + " wake-ups/s for "
                            + perSecond(rates.published())
                            + " events/s.");
            holding(
                    Kind.NAMES_WITHOUT_END,
                    names.size() >= MANY_NAMES && names.size() > 4 * living.size(),
                    0,
                    names.size()
                            + (names.size() == MOST_NAMES ? " names and more" : " names")
                            + " of receivers so far, "
                            + living.size()
                            + " of them living.");
        }

        private void holding(Kind kind, boolean holds, long atLeast, String text) {
            if (holds) {
                Moment begun = since.holds(kind.name(), now);
                if (now.millisSince(begun) >= atLeast) {
                    add(kind, begun, -1, text);
                }
            }
        }

        private void tell(Kind kind, Map<String, Happened> what, String before) {
            what.values().removeIf(happened -> now.millisSince(happened.last) > SHOWN_MILLIS);
            what.forEach(
                    (who, happened) -> {
                        String receiver =
                                who.isEmpty() ? "a receiver without a name" : "receiver " + who;
                        String times = happened.times == 1 ? "" : ", " + happened.times + " times";
                        String text = before + receiver + " " + happened.what + times + ".";
                        add(kind, happened.first, -1, capital(text));
                    });
        }

        private void add(Kind kind, Moment begun, long subject, String text) {
            if (found.stream().filter(w -> w.kind() == kind).count() < MOST_OF_A_KIND) {
                found.add(new Warning(kind, begun.millis(), subject, text));
            }
        }
    }

    private static String perSecond(double rate) {
        return String.format(Locale.ROOT, "%,.0f", rate);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
