package dev.rustyonions.bus.micrometer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusStats;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.micrometer.ReceiverNames.Named;
import dev.rustyonions.bus.micrometer.ReceiverNames.Shown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What the meters of a bus show, taken together and used for a while, so that one scrape of many
 * meters walks the receivers once, and walking them takes a bounded share of the time.
 */
final class Readings {
    /**
     * How long a reading is used, from its end.
     *
     * @param atLeast however short it took
     * @param timesItsCost so many times as long as it took, if that is longer
     */
    record Pace(Duration atLeast, int timesItsCost) {
        /** A reading takes one part in eleven of the time at most. */
        static final Pace USUAL = new Pace(Duration.ofMillis(100), 10);
    }

    /**
     * One reading.
     *
     * @param staleAt the clock at the end of its use
     * @param stats the bus's totals
     * @param advised the capacity that the lags of late ask for; 0 if none would hold
     * @param named by receiver name
     * @param omitted names left out
     * @param failures consumers that failed
     * @param released lossless receivers that became lossy
     */
    record Reading(
            long staleAt,
            BusStats stats,
            int advised,
            Map<String, Named> named,
            long omitted,
            long failures,
            long released) {}

    private final Bus<?> bus;
    private final Pace pace;
    private final LongSupplier clock;
    private final Runnable onReading;
    private final ReceiverNames names;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong released = new AtomicLong();

    /** Held by the keeper of the names: who takes a reading or sums up endings. */
    private final AtomicBoolean keeping = new AtomicBoolean();

    private volatile Reading latest;

    /**
     * Begins with an empty reading that is stale already.
     *
     * @param clock in nanoseconds
     * @param names which receiver names are shown; used by these readings alone
     * @param onReading run after each reading, in the thread that took it
     */
    Readings(Bus<?> bus, Pace pace, LongSupplier clock, ReceiverNames names, Runnable onReading) {
        this.bus = bus;
        this.pace = pace;
        this.clock = clock;
        this.names = names;
        this.onReading = onReading;
        int capacity = bus.capacity();
        BusStats nothing = new BusStats(0, 0, 0, 0, 0, 0, capacity, false, 0, 0);
        this.latest = new Reading(clock.getAsLong(), nothing, capacity, Map.of(), 0, 0, 0);
    }

    /** A reading still in use, or, while another thread takes one, the one before. */
    Reading current() {
        Reading last = latest;
        if (clock.getAsLong() - last.staleAt() < 0 || !keeping.compareAndSet(false, true)) {
            return last;
        }
        Reading next;
        try {
            next = take();
            latest = next;
        } finally {
            keeping.set(false);
        }
        onReading.run();
        return next;
    }

    /** The last reading, however old. */
    Reading last() {
        return latest;
    }

    private Reading take() {
        long began = clock.getAsLong();
        names.sumUp();
        List<ReceiverStats> receivers = new ArrayList<>();
        BusStats stats = bus.stats(receivers::add);
        Shown shown = names.read(receivers);
        int advised = bus.advice().capacity();
        long ended = clock.getAsLong();
        long use = Math.max(pace.atLeast().toNanos(), (ended - began) * pace.timesItsCost());
        return new Reading(
                ended + use,
                stats,
                advised,
                shown.named(),
                shown.omitted(),
                failures.get(),
                released.get());
    }

    // ---- told by the bus ----

    /** A receiver of this name ended. */
    void ended(String name, long missed) {
        if (names.ended(name, missed) && keeping.compareAndSet(false, true)) {
            try {
                names.sumUp();
            } finally {
                keeping.set(false);
            }
        }
    }

    /** A consumer failed. */
    void failed() {
        failures.getAndIncrement();
    }

    /** The patience with a lossless receiver is over, and it is lossy now. */
    void released() {
        released.getAndIncrement();
    }
}
