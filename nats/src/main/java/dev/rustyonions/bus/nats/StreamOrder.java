package dev.rustyonions.bus.nats;

import dev.rustyonions.bus.nats.OriginAccount.Decoding;
import dev.rustyonions.bus.nats.OriginAccount.Verdict;

import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Puts the messages of one origin in a stream into the order of their numbers, before its account
 * takes them. One thread owns it.
 *
 * @param <E> the type of event
 */
final class StreamOrder<E> {
    /*
     * A stream keeps a message that was sent again after those sent meanwhile. So a number that is
     * missing may still come, and messages above it are held back. Each message says below which
     * number everything was confirmed when it was sent (StreamSender). What was confirmed stands in
     * the stream before it. So if it has not come by then, it will not: the stream has dropped it.
     *
     * An export that has died says nothing more, and its number that is missing may never come.
     * What is held back is given when nothing was heard of the export for three heartbeats and for
     * a minute, in which this import has listened without a break. If the export was only cut off
     * for that long, and sends the number after all, it is late: it was told as lost by then. The
     * minute is arbitrary: it is far above an outage that a reconnecting client notices and ends,
     * and short for who waits for events.
     */

    private static final long GONE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private record Held<E>(Note note, long streamSequence, Decoding<E> decoding) {}

    private final OriginAccount<E> account;
    private final TreeMap<Long, Held<E>> held = new TreeMap<>();

    /** Below this number, what has not come will not; of the current run. */
    private long settled;

    StreamOrder(OriginAccount<E> account) {
        this.account = account;
    }

    Verdict take(Note note, long now, long streamSequence, Decoding<E> decoding) {
        releaseIfLeft(note, now);
        Verdict verdict = account.enter(note, now);
        if (verdict != Verdict.NEWS) {
            return verdict;
        }
        settled = Math.max(settled, note.settled);
        if (note.kind != Note.Kind.EVENT) {
            releaseBelow(note.number);
            return account.accept(note, decoding);
        }
        if (account.isTold(note) || held.containsKey(note.number)) {
            return account.duplicate();
        }
        held.put(note.number, new Held<>(note, streamSequence, decoding));
        while (!held.isEmpty() && isNothingToWaitFor(held.firstEntry().getValue().note)) {
            release();
        }
        return Verdict.NEWS;
    }

    /** Hears a heartbeat beside the stream. */
    void hearBeside(Note note, long now) {
        if (account.knows(note)) { // a new run begins in the stream
            releaseIfLeft(note, now);
            account.hearBeside(note, now);
        }
    }

    /** What is held back of a run that is left now will not be completed. */
    private void releaseIfLeft(Note note, long now) {
        if (account.isToBeLeftFor(note, now)) {
            releaseAll();
            settled = 0;
        }
    }

    /**
     * Gives what is held back if the export will not come back to complete it.
     *
     * @param now the time, by {@link System#nanoTime}
     * @param brokenAt when this import did not listen last, by the same clock
     */
    void releaseIfGone(long now, long brokenAt) {
        if (account.isSilent()
                && now - account.heardAt() > GONE_NANOS
                && now - brokenAt > GONE_NANOS) {
            releaseAll();
        }
    }

    /** Gives what is held back, and what is missing between as lost: nothing more is waited for. */
    void releaseAll() {
        releaseBelow(Long.MAX_VALUE);
    }

    private boolean isNothingToWaitFor(Note first) {
        return account.follows(first) || first.number <= settled;
    }

    private void releaseBelow(long number) {
        while (!held.isEmpty() && held.firstKey() < number) {
            release();
        }
    }

    private void release() {
        Held<E> first = held.firstEntry().getValue();
        account.accept(first.note, first.decoding);
        held.pollFirstEntry(); // held until it is told, since the bus may have ended
    }

    /** The lowest sequence in the stream of those held back; if none is, the largest number. */
    long lowestHeld() {
        return held.values().stream().mapToLong(Held::streamSequence).min().orElse(Long.MAX_VALUE);
    }
}
