package dev.rustyonions.bus.console;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.BusStats;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.console.BusReading.Delays;
import dev.rustyonions.bus.console.BusReading.Loss;
import dev.rustyonions.bus.console.BusReading.Rates;
import dev.rustyonions.bus.console.BusReading.Rest;
import dev.rustyonions.bus.console.BusReading.Row;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * One bus that the console shows: takes its readings, and keeps from one to the next what a single
 * reading cannot tell.
 *
 * <p>Thread safety: {@link #read} and {@link #history} exclude each other and themselves; the
 * observer's part may be called by any thread.
 */
final class Watched implements AutoCloseable {
    /** The receivers of a reading that are shown one by one. */
    static final int MOST_RECEIVERS = 100;

    /** Readings that the history holds. */
    static final int MOST_HISTORY = 120;

    /** A loss that follows another within this time belongs to it, at the least. */
    private static final long LOSS_PAUSE = 5_000;

    /** What a receiver had at the last reading, and when it last moved. */
    private record Track(ReceiverStats last, Moment movedAt, long missedBeforeLoss) {}

    /** A point of the plots. */
    record Point(double published, double lost, int depth, Delays delays) {}

    private final Bus<?> bus;
    private final long lossPause;
    private final LagBook lags = new LagBook();
    private final LongAccumulator longestLag = new LongAccumulator(Math::max, 0);
    private final Latencies latencies;
    private final Warnings warnings;
    private final BusObserver.Registration registration;
    private final List<Point> history = new ArrayList<>();

    private Map<Long, Track> tracks = new HashMap<>();
    private @Nullable BusStats last;
    private @Nullable BusReading lastReading;
    private Map<Long, Row> lastRows = Map.of();
    private @Nullable Moment lastAt;
    private @Nullable Moment lossSince;
    private @Nullable Moment lossUntil;
    private long lossBefore;
    private boolean closed;

    /**
     * Watches a bus from now on.
     *
     * @param interval time between two readings
     * @param lagged run after each lag, by the thread of the receiver that lagged
     */
    Watched(Bus<?> bus, Duration interval, Runnable lagged) {
        this.bus = bus;
        // Losses in one reading and the next belong together, however far those are apart.
        this.lossPause = Math.max(LOSS_PAUSE, 2 * interval.toMillis());
        this.warnings = new Warnings(bus);
        this.latencies = new Latencies(bus);
        this.registration =
                bus.observe(
                        new BusObserver() {
                            @Override
                            public void lagged(Optional<String> receiver, Lagged<?> lag) {
                                lags.add(receiver.orElse(""), lag.from(), lag.missed());
                                longestLag.accumulate(lag.missed());
                                lagged.run();
                            }

                            @Override
                            public void ended(ReceiverStats receiver) {
                                receiver.name().ifPresent(warnings::named);
                            }

                            @Override
                            public void failed(
                                    Optional<String> receiver, Class<? extends Throwable> failure) {
                                warnings.failed(receiver, failure);
                            }

                            @Override
                            public void patienceOver(Optional<String> receiver, long nanos) {
                                warnings.patienceOver(receiver, nanos);
                            }
                        });
    }

    Bus<?> bus() {
        return bus;
    }

    List<LagBook.Lags> takeLags() {
        return lags.take();
    }

    /**
     * Says whether latencies are wanted from now on. They cost publishers and receivers something.
     */
    synchronized void sampleLatencies(boolean wanted) {
        BusReading before = lastReading;
        // One that is shown no longer may still be in the round that is under way.
        if (wanted && !closed && before != null && !before.stats().closed()) {
            latencies.sample(before.rates().published(), before.stats().receivers());
        } else {
            latencies.close();
        }
    }

    /** The last readings, the oldest first. */
    synchronized List<Point> history() {
        return List.copyOf(history);
    }

    /**
     * Takes a reading.
     *
     * @param now the moment of it, not earlier than that of the call before
     */
    synchronized BusReading read(Moment now) {
        BusStats stats = bus.stats();
        List<ReceiverStats> receivers = bus.receivers();
        BusStats before = last;
        double seconds =
                lastAt == null ? 0 : Math.max(1_000_000, now.nanos() - lastAt.nanos()) / 1e9;
        Rates rates = before == null ? Rates.NONE : rates(before, stats, seconds);
        long missedBefore = before == null ? stats.missed() : before.missed();
        boolean losing = stats.missed() > missedBefore;
        boolean lossBegins =
                losing && (lossUntil == null || now.millisSince(lossUntil) > lossPause);
        if (lossBegins) {
            lossSince = now;
            lossBefore = missedBefore;
        }
        if (losing) {
            lossUntil = now;
        }

        Warnings.Round round = warnings.begin(now, stats, rates, before == null);
        Map<Long, Track> next = HashMap.newHashMap(receivers.size());
        Map<Long, Row> rows = HashMap.newHashMap(receivers.size());
        List<Row> worst = new ArrayList<>(Math.min(receivers.size(), MOST_RECEIVERS));
        Rest rest = Rest.NONE;
        for (ReceiverStats receiver : receivers) {
            Track known = tracks.get(receiver.id());
            Track track = track(known, receiver, now, lossBegins);
            next.put(receiver.id(), track);
            round.receiver(receiver, known == null, track.movedAt());
            Row row = row(known, receiver, seconds);
            rows.put(receiver.id(), row);
            if (worst.size() < MOST_RECEIVERS) {
                worst.add(row);
            } else {
                rest = rest.and(receiver);
            }
        }
        tracks = next;
        List<Warning> found = round.end();
        last = stats;
        lastAt = now;
        if (history.size() == MOST_HISTORY) {
            history.removeFirst();
        }
        Latencies.Percentiles latency = latencies.take();
        Delays delays = new Delays(longestLag.getThenReset(), latency.median(), latency.high());
        history.add(new Point(rates.published(), rates.lost(), stats.depth(), delays));
        lastRows = rows;
        BusReading reading =
                new BusReading(
                        bus.id(),
                        bus.config().name(),
                        bus.mode().name().toLowerCase(Locale.ROOT),
                        stats,
                        rates,
                        delays,
                        loss(now, stats, receivers, rows, rates, found),
                        bus.advice(),
                        found,
                        worst,
                        rest);
        lastReading = reading;
        return reading;
    }

    /**
     * Takes a reading between two others: totals and accounts are those of now, and all that needs
     * a time to be measured over is that of the last.
     *
     * @param now as for {@link #read}
     */
    synchronized BusReading refresh(Moment now) {
        BusReading before = lastReading;
        if (before == null) {
            return read(now);
        }
        BusStats stats = bus.stats();
        List<ReceiverStats> receivers = bus.receivers();
        List<Row> worst = new ArrayList<>(Math.min(receivers.size(), MOST_RECEIVERS));
        Rest rest = Rest.NONE;
        for (ReceiverStats receiver : receivers) {
            if (worst.size() < MOST_RECEIVERS) {
                Row row = lastRows.get(receiver.id());
                worst.add(
                        row == null
                                ? new Row(receiver, 0, 0)
                                : new Row(receiver, row.taken(), row.lost()));
            } else {
                rest = rest.and(receiver);
            }
        }
        return new BusReading(
                before.id(),
                before.name(),
                before.mode(),
                stats,
                before.rates(),
                before.delays(),
                before.loss(),
                before.advice(),
                before.warnings(),
                worst,
                rest);
    }

    private static Rates rates(BusStats before, BusStats now, double seconds) {
        return new Rates(
                (now.published() - before.published()) / seconds,
                (now.missed() - before.missed()) / seconds,
                (now.wakeups() - before.wakeups()) / seconds);
    }

    private static Row row(@Nullable Track before, ReceiverStats now, double seconds) {
        if (before == null || seconds == 0) {
            return new Row(now, 0, 0);
        }
        return new Row(
                now,
                (taken(now) - taken(before.last())) / seconds,
                (now.missed() - before.last().missed()) / seconds);
    }

    private static Track track(
            @Nullable Track before, ReceiverStats now, Moment at, boolean lossBegins) {
        if (before == null) {
            return new Track(now, at, 0);
        }
        // One that has taken all there is stands still for a good reason.
        boolean moved = taken(now) != taken(before.last()) || now.depth() == 0;
        return new Track(
                now,
                moved ? at : before.movedAt(),
                lossBegins ? before.last().missed() : before.missedBeforeLoss());
    }

    /** What a receiver has taken out of the window, whatever became of it. */
    static long taken(ReceiverStats receiver) {
        return receiver.delivered() + receiver.filtered() + receiver.conflated();
    }

    /** The last loss; null if there was none. Who loses now comes before who has lost most. */
    private @Nullable Loss loss(
            Moment now,
            BusStats stats,
            List<ReceiverStats> receivers,
            Map<Long, Row> rows,
            Rates rates,
            List<Warning> found) {
        Moment since = lossSince;
        Moment until = lossUntil;
        if (since == null || until == null) {
            return null;
        }
        Row loser = null;
        long most = 0;
        int losers = 0;
        for (ReceiverStats receiver : receivers) {
            Row row = rows.get(receiver.id());
            Track track = tracks.get(receiver.id());
            if (row == null || track == null) {
                continue;
            }
            long lost = receiver.missed() - track.missedBeforeLoss();
            boolean losesNow = row.lost() > 0;
            boolean worse =
                    loser == null
                            ? lost > 0
                            : losesNow
                                    ? row.lost() > loser.lost()
                                    : loser.lost() == 0 && lost > most;
            if (losesNow) {
                losers++;
            }
            if (worse) {
                most = lost;
                loser = row;
            }
        }
        boolean going = now.millisSince(until) < lossPause;
        if (loser == null) {
            return new Loss(
                    going,
                    since.millis(),
                    until.millis(),
                    now.millisSince(since),
                    stats.missed() - lossBefore,
                    -1,
                    "a receiver that has ended",
                    losers,
                    "It was more than the capacity of " + stats.capacity() + " behind.",
                    "See in the log of the service why it has ended.");
        }
        long id = loser.stats().id();
        String why =
                "It was more than the capacity of " + stats.capacity() + " behind for a moment.";
        String todo = "One lag after a burst is normal: the receiver was told and resynchronises.";
        Optional<Warning> about = found.stream().filter(w -> w.subject() == id).findFirst();
        if (about.isPresent()) {
            why = about.get().text();
            todo = about.get().kind().todo;
        } else if (loser.lost() > 0 && loser.taken() < rates.published()) {
            why =
                    String.format(
                            Locale.ROOT,
                            "It takes %,.0f of %,.0f messages a second.",
                            loser.taken(),
                            rates.published());
            todo =
                    "Make its handler faster, or let it receive less by a filter or by conflateBy."
                            + " A larger capacity helps with bursts only.";
        }
        return new Loss(
                going,
                since.millis(),
                until.millis(),
                now.millisSince(since),
                stats.missed() - lossBefore,
                id,
                nameOf(loser.stats()),
                Math.max(0, losers - 1),
                why,
                todo);
    }

    /** A receiver in words. */
    static String nameOf(ReceiverStats receiver) {
        return receiver.name()
                .map(name -> name + " (id " + receiver.id() + ")")
                .orElse("id " + receiver.id() + ", without a name");
    }

    @Override
    public synchronized void close() {
        closed = true;
        registration.close();
        latencies.close();
    }
}
