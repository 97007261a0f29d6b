package dev.rustyonions.bus.nats;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;

/**
 * What one import knows of one origin: what has arrived, what was lost and why, and what is to be
 * said of it on the bus.
 *
 * <p>One thread owns it; the counters may be read by any.
 *
 * @param <E> the type of event
 */
final class OriginAccount<E> {
    /*
     * The account
     * -----------
     * An export gives one number, from 0 and without gaps, to each event that its receiver was to
     * be given: those it sent, those it lagged behind of, and those it could not send. Each message
     * carries the number, and how many of the numbers below were never sent, by cause.
     *
     *     export    0   1   2   3   4   5   6   7        lagged over 1, 2; 4 was too large
     *     sent      0           3       5   6  (8)       (8) is a heartbeat: the next number
     *     counters  -           l2      l2  l2  l2       l: lagged, t: too large
     *                                   t1  t1  t1
     *     arrived   0                       6            3 and 5 were lost on the way
     *
     * The import has seen everything below "next". A message with a higher number shows a gap, and
     * the gap is lost for good, because messages of one connection stay in their order. How many of
     * the gap were never sent is the difference between the counters of this message and those of
     * the last one. Each number counted there is in the gap: the counters of the last message cover
     * what is below it, and it was sent itself. What is left of the gap was sent and did not come.
     * So each number is either arrived or lost, once, and the two add up to "next" at any time.
     *
     * A message with a number below "next" says nothing new: it has arrived, or been told as lost.
     * It is dropped, so no number is given twice, whatever a server delivers again.
     *
     * A message of several events has the number of the first and says how many they are. It comes
     * as a whole or not at all, so all of the above holds for it, with a larger step.
     *
     * What the client itself drops it counts in messages. An export that sends several events at a
     * time therefore numbers its messages too, from 1. The messages missing in a gap are those the
     * client has dropped, as far as it has counted any. If it has dropped some of them only, the
     * events of the gap are divided in that proportion, since nobody knows which they were.
     *
     * The tail
     * --------
     * What was lost after the last message that arrived shows at the next one. Heartbeats carry the
     * next number, so it shows within a heartbeat; the farewell carries the final one. After it
     * everything of that run is known, and what still comes of it says nothing: a message that a
     * stream took twice, or a heartbeat that came beside the stream and was read later.
     *
     * The end
     * -------
     * If the bus takes nothing any more, what it has refused is taken out of the account, and the
     * account ends there, by an exception. So it stands between two things that were told. That may
     * be in the midst of a gap or of a message of several events. A later import that goes on from
     * there reads that message again, and tells the rest of it.
     *
     * Runs of an export
     * -----------------
     * The first message of an origin is a baseline: what was before, the import was not there for.
     * A message of another epoch is of another run. That run began at 0, and this import has known
     * the origin since before, so what is missing from 0 on is lost like anything else; and nothing
     * is, if the first message that comes is that of number 0. What the run before sent at its end
     * and nobody heard of cannot be known: a process that is killed says no farewell.
     *
     * What still arrives of a run that was left is late, or is of a second process that uses the
     * same origin, which must not be. It is counted and dropped. Epochs have no order, so an import
     * that is new may hear the late messages of a run that has ended after those of the run that is
     * there, and leave the wrong one. That shows: late messages come to an end, and a run that is
     * there has heartbeats. So a run that was left is taken up again when it is heard for longer
     * than three heartbeats, in which nothing at all was heard of the current one. It goes on with
     * the number at which it was left, so that no number is given twice.
     */

    private static final int LEFT = 16;

    /** Of the runs that were left, how many are worth telling a later import. */
    private static final int LEFT_IN_TICKET = 4;

    private static final int HEARTBEATS_MISSING = 3;

    /** What a message is worth. */
    enum Verdict {
        NEWS,
        DUPLICATE,
        STALE
    }

    final String origin;

    /** Given what is said; false if it takes nothing any more. */
    private final Predicate<? super Remote<E>> bus;

    /** Given how many messages are missing, how many of them the client itself has dropped. */
    private final LongUnaryOperator droppedByClient;

    /** Why a number is missing that was sent and not dropped by the client. */
    private final Cause unexplained;

    /** Whether what is missing before the first message of an origin is a loss. */
    private final boolean knowsTheBeginning;

    /** A run that was left, and where. */
    private static final class Left {
        final Ticket.Run run;

        /** Whether it was heard since the current run was heard last, and when first. */
        boolean heard;

        long heardSince;

        Left(Ticket.Run run) {
            this.run = run;
        }
    }

    /** Runs that were left, the last one last. */
    private final Deque<Left> left = new ArrayDeque<>();

    private @Nullable String epoch;
    private long[] unsent = new long[Cause.UNSENT.size()];

    /** How many messages of events have come or are lost; 0 if their number is not known. */
    private long messages;

    private long heardAt;
    private long heartbeatNanos;
    private volatile boolean silent;
    private volatile boolean closed;

    /** Whether the current run has said farewell: nothing new comes of it. */
    private boolean ended;

    // Written by the owner only, read by any thread.
    private volatile long next;
    private final AtomicLong arrived = new AtomicLong();
    private final Causes lost = new Causes(EnumSet.allOf(Cause.class));
    private final AtomicLong restarts = new AtomicLong();
    private final AtomicLong duplicates = new AtomicLong();
    private final AtomicLong stale = new AtomicLong();

    OriginAccount(
            String origin,
            Predicate<? super Remote<E>> bus,
            LongUnaryOperator droppedByClient,
            Cause unexplained,
            boolean knowsTheBeginning) {
        this.origin = origin;
        this.bus = bus;
        this.droppedByClient = droppedByClient;
        this.unexplained = unexplained;
        this.knowsTheBeginning = knowsTheBeginning;
    }

    /** The account of an origin that is heard without a stream. */
    static <E> OriginAccount<E> live(
            String origin, Predicate<? super Remote<E>> bus, LongUnaryOperator droppedByClient) {
        return new OriginAccount<>(origin, bus, droppedByClient, Cause.ON_THE_WAY, false);
    }

    /** The account of an origin in a stream, from where the import has begun. */
    static <E> OriginAccount<E> inStream(
            String origin, Predicate<? super Remote<E>> bus, boolean knowsTheBeginning) {
        return new OriginAccount<>(origin, bus, gap -> 0, Cause.EXPIRED, knowsTheBeginning);
    }

    // ---- a ticket ----

    /** What is known of the runs, for a later import to go on with. */
    Ticket.Known known() {
        return new Ticket.Known(
                run(),
                left.stream()
                        .skip(Math.max(0, left.size() - LEFT_IN_TICKET))
                        .map(one -> one.run)
                        .toList());
    }

    private Ticket.Run run() {
        return new Ticket.Run(String.valueOf(epoch), next, unsent.clone());
    }

    /** Goes on from a ticket; the account begins there. */
    void resume(Ticket.Known known) {
        goOnWith(known.run());
        known.left().forEach(run -> left.addLast(new Left(run)));
        silent = true; // until something is heard
    }

    private void goOnWith(Ticket.Run run) {
        ended = false;
        epoch = run.epoch();
        next = run.next();
        unsent = run.unsent().clone();
    }

    /** What the decoder made of a message. */
    sealed interface Content<E> {}

    /** An event. */
    record Decoded<E>(E event) implements Content<E> {}

    /** None; the cause says why. */
    record Undecoded<E>(Cause cause) implements Content<E> {}

    /** Decodes the events of a message, one after the other; asked only if it is new. */
    interface Decoding<E> {
        Content<E> next();
    }

    /**
     * Takes a message into the account, and says on the bus what follows from it.
     *
     * @throws BusEnded if the bus takes nothing any more
     */
    Verdict take(Note note, long now, Decoding<E> decoding) {
        Verdict verdict = enter(note, now);
        return verdict == Verdict.NEWS ? accept(note, decoding) : verdict;
    }

    /** Hears of a message: a baseline, another run, or one that has ended; tells no number. */
    Verdict enter(Note note, long now) {
        if (isAfterFarewell(note)) {
            return duplicate();
        }
        if (epoch == null) {
            epoch = note.epoch;
            if (!knowsTheBeginning) {
                next = note.number;
                unsent = note.unsent;
                messages = before(note);
            }
        } else if (!leave(note, now)) {
            stale.incrementAndGet();
            return Verdict.STALE;
        }
        hear(now, note.heartbeatMillis);
        return Verdict.NEWS;
    }

    /** Hears a heartbeat beside the stream. */
    void hearBeside(Note note, long now) {
        if (knows(note) && !isAfterFarewell(note) && leave(note, now)) {
            hear(now, note.heartbeatMillis);
        }
    }

    /** Whether a message is of a run that was heard before. */
    boolean knows(Note note) {
        return isRun(note) || find(note.epoch) != null;
    }

    /** Whether a message is late, or comes again, of a run that has said its last number. */
    private boolean isAfterFarewell(Note note) {
        return ended && isRun(note);
    }

    private void hear(long now, long heartbeatMillis) {
        left.forEach(one -> one.heard = false);
        heardAt = now;
        heartbeatNanos = TimeUnit.MILLISECONDS.toNanos(heartbeatMillis);
        silent = false;
    }

    /**
     * Takes the number and the content of a message that was heard of.
     *
     * @throws BusEnded if the bus takes nothing any more
     */
    Verdict accept(Note note, Decoding<E> decoding) {
        if (isTold(note)) {
            return duplicate();
        }
        long told = Math.max(0, next - note.number); // by an import that ended in its midst
        tellGap(note);
        unsent = note.unsent;
        messages = note.message;
        switch (note.kind) {
            case EVENT -> {
                for (int i = 0; i < note.events; i++) {
                    Content<E> content = decoding.next();
                    if (i >= told) {
                        tellEvent(content);
                    }
                }
            }
            case HEARTBEAT -> {}
            case FAREWELL -> {
                ended = true;
                tellSilent(true);
            }
        }
        return Verdict.NEWS;
    }

    /** Whether a message says nothing that has not been told. */
    boolean isTold(Note note) {
        return note.kind == Note.Kind.EVENT
                ? note.number + note.events <= next
                : note.number < next;
    }

    /** How many messages of events were sent before this one. */
    private static long before(Note note) {
        return note.kind == Note.Kind.EVENT ? Math.max(0, note.message - 1) : note.message;
    }

    Verdict duplicate() {
        duplicates.incrementAndGet();
        return Verdict.DUPLICATE;
    }

    private boolean isRun(Note note) {
        return note.epoch.equals(epoch);
    }

    /**
     * Whether the current run is to be left for that of a message: for a new one, or for one that
     * was left and goes on. Asked twice about a message, it says the same.
     */
    boolean isToBeLeftFor(Note note, long now) {
        if (epoch == null || isRun(note)) {
            return false;
        }
        Left before = find(note.epoch);
        if (before == null) {
            return true;
        }
        if (!before.heard) {
            before.heard = true;
            before.heardSince = now;
        }
        return now - before.heardSince
                > HEARTBEATS_MISSING * TimeUnit.MILLISECONDS.toNanos(note.heartbeatMillis);
    }

    private @Nullable Left find(String wanted) {
        for (Left one : left) {
            if (one.run.epoch().equals(wanted)) {
                return one;
            }
        }
        return null;
    }

    /** Whether nothing is missing before a message but what the export has not sent. */
    boolean follows(Note note) {
        long explained = 0;
        for (int i = 0; i < unsent.length; i++) {
            explained += note.unsent[i] - unsent[i];
        }
        return note.number - next <= explained;
    }

    /** Leaves the current run for that of a message, if it is another; false if it is late. */
    private boolean leave(Note note, long now) {
        if (isRun(note)) {
            return true;
        }
        if (!isToBeLeftFor(note, now)) {
            return false;
        }
        restarts.incrementAndGet();
        if (!bus.test(new Remote.Restarted<>(origin))) {
            restarts.decrementAndGet();
            throw new BusEnded();
        }
        Left before = find(note.epoch);
        left.remove(before);
        if (left.size() == LEFT) {
            left.removeFirst();
        }
        left.addLast(new Left(run()));
        goOnWith(
                before == null
                        ? new Ticket.Run(note.epoch, 0, new long[unsent.length])
                        : before.run);
        messages = 0;
        return true;
    }

    private void tellGap(Note note) {
        long left = note.number - next;
        if (left > 0) {
            unsent = unsent.clone();
        }
        for (int i = 0; i < unsent.length && left > 0; i++) {
            // Bounded, because what comes from outside may be anything.
            left -= tellLost(Math.clamp(note.unsent[i] - unsent[i], 0, left), Cause.UNSENT.get(i));
            unsent[i] = note.unsent[i]; // one by one, since the next may not be told any more
        }
        if (left > 0) {
            left -= tellLost(dropped(note, left), Cause.SLOW_CONSUMER);
            tellLost(left, unexplained);
        }
    }

    /** Of so many events that were sent and are missing, how many the client has dropped. */
    private long dropped(Note note, long events) {
        // Without numbers of messages, each is one event. What comes from outside may be anything.
        long missing = note.message == 0 ? events : Math.clamp(before(note) - messages, 1, events);
        long dropped = Math.clamp(droppedByClient.applyAsLong(missing), 0, missing);
        return dropped == missing ? events : (long) ((double) events * dropped / missing);
    }

    private void tellEvent(Content<E> content) {
        switch (content) {
            case Decoded<E>(E event) -> {
                long number = next;
                next = number + 1;
                arrived.incrementAndGet();
                if (!bus.test(new Remote.Arrived<>(origin, number, event))) {
                    next = number;
                    arrived.decrementAndGet();
                    throw new BusEnded();
                }
            }
            case Undecoded<E>(Cause cause) -> tellLost(1, cause);
        }
    }

    private long tellLost(long count, Cause cause) {
        if (count > 0) {
            long from = next;
            next = from + count;
            lost.add(cause, count);
            if (!bus.test(new Remote.Lost<>(origin, from, count, cause))) {
                next = from;
                lost.add(cause, -count);
                throw new BusEnded();
            }
        }
        return count;
    }

    /** Tells that nothing is heard, if three heartbeats have not come, once. */
    void tellIfSilent(long now) {
        if (!silent && now - heardAt > HEARTBEATS_MISSING * heartbeatNanos) {
            tellSilent(false);
        }
    }

    private void tellSilent(boolean closed) {
        this.closed = closed;
        silent = true;
        if (!bus.test(new Remote.Silent<>(origin, closed))) {
            throw new BusEnded();
        }
    }

    boolean isSilent() {
        return silent;
    }

    /** When something was heard last, by {@link System#nanoTime}. */
    long heardAt() {
        return heardAt;
    }

    OriginStats stats() {
        return new OriginStats(
                origin,
                next,
                arrived.get(),
                lost.toMap(),
                restarts.get(),
                duplicates.get(),
                stale.get(),
                silent,
                silent && closed);
    }

    @Override
    public String toString() {
        return "OriginAccount[" + origin + ", next=" + next + ", lost=" + lost + "]";
    }
}
