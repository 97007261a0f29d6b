package dev.rustyonions.bus.model;

import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;

import java.util.function.Function;
import java.util.function.Predicate;

/** What a receiver is to do: a cursor over the model's list. */
final class ModelReceiver {
    private final ModelBus bus;
    private final Predicate<Integer> filter;
    private final boolean latestOnLag;

    /** Whether publishers that wait wait for it. */
    final boolean lossless;

    /** What it leaves out; null if nothing. */
    private final ModelConflation conflation;

    long cursor;

    /** Where it last found nothing; at first where it started. */
    private long dryAt;

    /**
     * Whether the message at the cursor was kept by a lag, and is there even if it has left the
     * window since.
     */
    private boolean held;

    long delivered;
    long filtered;
    long conflated;
    long missed;

    /** Of those missed, what was published since the subscription: what the totals count. */
    long dropped;

    /** Why it has ended, or null. */
    Reason ended;

    /** The tail at the subscription. */
    private final long subscribedAt;

    ModelReceiver(
            ModelBus bus,
            long start,
            Predicate<Integer> filter,
            Function<Integer, Object> key,
            boolean latestOnLag,
            boolean lossless) {
        this.bus = bus;
        this.cursor = start;
        this.dryAt = start;
        this.filter = filter;
        this.conflation = key == ModelKeys.NONE ? null : new ModelConflation(bus, key, filter);
        this.latestOnLag = latestOnLag;
        this.lossless = lossless;
        this.subscribedAt = bus.tail();
    }

    /** Where a bus that forgets has let it start, if that is open. */
    void startsAt(long start) {
        cursor = start;
        dryAt = start;
    }

    /**
     * What a receive is to give.
     *
     * @param real what it gave; consulted for how much a bus with amnesia has forgotten, where that
     *     is open
     * @throws RuntimeException what the filter or the key function throws
     */
    Polled<Integer> next(Polled<Integer> real) {
        while (true) {
            if (ended != null) {
                return new Closed<>(ended);
            }
            long gone = Math.max(bus.windowStart(), forgotten(real));
            if (!held && cursor < gone) {
                long from = cursor;
                cursor = latestOnLag ? Math.max(gone, bus.tail() - 1) : gone;
                held = cursor < bus.tail();
                missed += cursor - from;
                dropped += Math.max(0, cursor - Math.max(from, subscribedAt));
                return new Lagged<>(from, cursor - from);
            }
            if (cursor == bus.tail()) {
                if (bus.closed) {
                    bus.end(this, Reason.BUS_CLOSED);
                    return new Closed<>(Reason.BUS_CLOSED);
                }
                dryAt = cursor;
                return new Empty<>();
            }
            if (take()) {
                return new Message<>(cursor - 1, bus.published.get((int) cursor - 1));
            }
        }
    }

    /** Passes the message at the cursor; whether it is to be given. */
    private boolean take() {
        long at = cursor;
        filtered++; // if the filter or the key function throws
        if (conflation == null) {
            pass();
            if (!filter.test(bus.published.get((int) at))) {
                return false;
            }
        } else {
            try {
                conflation.look(at, this::isThere);
            } finally {
                pass();
            }
            if (conflation.isRefused(at)) {
                return false;
            }
        }
        filtered--;
        if (conflation != null && conflation.isSuperseded(at)) {
            conflated++;
            return false;
        }
        delivered++;
        return true;
    }

    private void pass() {
        held = false;
        cursor++;
    }

    /**
     * Whether a message that waits behind the next one can be looked at: not if it has left the
     * window, nor if the end of the bus stands in its slot.
     */
    private boolean isThere(long sequence) {
        long oldest = bus.closed ? bus.tail() - bus.capacity + 1 : bus.windowStart();
        return sequence >= oldest && sequence < bus.tail();
    }

    private long forgotten(Polled<Integer> real) {
        if (!bus.closed || !bus.amnesia || cursor >= bus.forgettable || held) {
            return 0;
        }
        if (real instanceof Lagged<Integer> lagged) {
            long to = lagged.from() + lagged.missed();
            if (to >= bus.forgotten && to <= bus.forgettable) {
                bus.forgotten = to;
                bus.forgettable = to;
            }
        } else if (bus.forgotten <= cursor) {
            bus.forgettable = Math.max(bus.forgotten, cursor);
        }
        return bus.forgotten;
    }

    /** Whether a receive that waits would return at once. */
    boolean hasSomething() {
        return ended != null
                || bus.closed
                || (!held && cursor < bus.windowStart())
                || bus.published.subList((int) cursor, (int) bus.tail()).stream()
                        .anyMatch(this::passesOrThrows);
    }

    /** Whether nothing is there at all, not even something the filter would refuse. */
    boolean isDry() {
        return ended == null && !bus.closed && cursor == bus.tail();
    }

    private boolean passesOrThrows(int event) {
        try {
            return filter.test(event);
        } catch (ModelFilters.Refused e) {
            return true;
        }
    }

    /** The first sequence the receiver still needs the window for. */
    long toRead() {
        return held ? cursor + 1 : cursor;
    }

    /** Whether it is owed what the next message would overwrite. */
    boolean isInTheWay() {
        return lossless && ended == null && toRead() <= bus.tail() - bus.capacity;
    }

    /** Whether it has handled all that was published, as far as it has come back for more. */
    boolean isIdle() {
        return ended != null || (!bus.closed && dryAt >= bus.tail());
    }

    /** Lost and not told. */
    long pending() {
        return Math.max(0, bus.windowStart() - Math.max(toRead(), subscribedAt));
    }

    int depth() {
        return ended != null ? 0 : (int) Math.min(bus.capacity, bus.tail() - cursor);
    }
}
