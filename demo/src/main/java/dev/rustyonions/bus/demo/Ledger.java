package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Reason;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one receiver's handler has counted, from nothing but what it was handed: the other side of
 * the account. Each sequence must be the previous one + 1 + what a lag said.
 *
 * <p>Written by the handler's thread only; any thread may read it meanwhile.
 */
final class Ledger {
    private final Map<Kind, AtomicLong> delivered = new EnumMap<>(Kind.class);
    private final AtomicLong missed = new AtomicLong();
    private volatile @Nullable Message<Event> last;
    private volatile @Nullable Reason end;

    /** The sequence that must come next; the handler's thread only. */
    private long next;

    private volatile @Nullable String fault;

    /** Of a receiver that is there from the first event on. */
    Ledger() {
        this(0);
    }

    /**
     * Of a receiver that may come later.
     *
     * @param from the first sequence that it is to account for
     */
    Ledger(long from) {
        next = from;
        for (Kind kind : Kind.values()) {
            delivered.put(kind, new AtomicLong());
        }
    }

    void message(Message<Event> message) {
        expect("message", message.sequence());
        next = message.sequence() + 1;
        Kind kind = Kind.of(message.event());
        increase(count(kind), 1);
        if (kind != Kind.LOAD) {
            last = message;
        }
    }

    void lagged(long from, long count) {
        expect("lag", from);
        next = from + count;
        increase(missed, count);
    }

    void closed(Reason reason) {
        end = reason;
    }

    void failed(Throwable thrown) {
        fault("its handler failed: " + thrown);
    }

    private void expect(String what, long sequence) {
        if (sequence != next) {
            fault("a " + what + " at sequence " + sequence + " where " + next + " had to come");
        }
    }

    /** Keeps the first fault; the later ones follow from it. */
    private void fault(String what) {
        if (fault == null) {
            fault = what;
        }
    }

    private AtomicLong count(Kind kind) {
        return Objects.requireNonNull(delivered.get(kind));
    }

    /** One thread writes, so that an atomic addition is not needed. */
    private static void increase(AtomicLong count, long by) {
        count.setRelease(count.getPlain() + by);
    }

    long delivered() {
        return delivered.values().stream().mapToLong(AtomicLong::get).sum();
    }

    long delivered(Kind kind) {
        return count(kind).get();
    }

    long missed() {
        return missed.get();
    }

    /** Why the receiver has ended; null if it has not. */
    @Nullable Reason end() {
        return end;
    }

    /** What is out of place; null if nothing is. */
    @Nullable String fault() {
        return fault;
    }

    /** The last message of a real source. */
    @Nullable Message<Event> last() {
        return last;
    }

    /** The ledger as the balance takes it, once the handler has ended. */
    Balance.Entry entry(String name) {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        delivered.forEach((kind, count) -> counts.put(kind, count.get()));
        return new Balance.Entry(name, counts, missed(), end, fault);
    }
}
