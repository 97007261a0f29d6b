package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One receiver's place on a {@link Channel}: what it reads next, and what it has read and missed.
 * How it waits is {@link Waiter}'s.
 *
 * <p>Thread safety: the protected methods are for the one thread that uses the receiver; {@link
 * #unsubscribe} and the counters are for any thread. Two threads that wait on one cursor are found
 * out and told.
 */
public abstract class Cursor extends Waiter {
    /*
     * Reading
     * -------
     * One acquire load of the cursor's slot and one comparison tell all: the sequence there is the
     * cursor's, and that is the message; it is smaller, or the slot is null, and nothing is
     * published there yet; it is larger, and the cursor has been lapped.
     *
     * Taking at once
     * --------------
     * Most receivers do nothing to a message but take it, and most messages are there. takeNext
     * serves them: one flag of the owner instead of a look at each reason to do more. The flag is
     * down while a message is in hand, and while a thread waits: a second one that receives
     * meanwhile goes the longer way, where it is told. No lag is untold while the flag is up: after
     * a lag a message is in hand, or all were forgotten, and then the end of the channel stands in
     * the slot. As peek does, it looks for the end of the account before it reads the position, so
     * it takes one message after the end at most.
     *
     * Lag
     * ---
     * A lapped cursor goes on from the oldest message retained: a capacity below the tail, which is
     * searched for, since a batch leaves the hint behind for its whole length. If the slot there is
     * overwritten before it is read, the tail is looked for again, a bounded number of times; then
     * what is there is taken, and everything below it counted as missed. (Giving up at once would
     * often resume at the newest instead of the oldest.) The message found is immutable and is held
     * for the next call, so between two lags a receiver is given at least one message, however fast
     * publishers overwrite.
     *
     * Errors
     * ------
     * A receive does not probe. Instead it looks first (peek), which changes nothing, and takes
     * last (takeDelivered, takeFiltered, takeConflated): one call that either does all of its step
     * or, if it overflows, nothing of it; see Account. After it a receive only returns. So a
     * receive that throws has taken nothing, and there is no gap. A message handed to a handler is
     * taken before the handler is called: it counts as delivered though the handler should overflow
     * at once.
     *
     * A lag probes before it moves the position, and is told again until the caller says that it
     * has been told, so an error in between costs no count.
     */

    /**
     * How often a lagging cursor looks for the oldest message anew before it takes what it finds.
     */
    private static final int OLDEST_TRIES = 16;

    /** Values of {@link #taking}; one byte, so that a receiver is no larger. */
    private static final byte NEVER = 0;

    private static final byte NOT_NOW = 1;
    private static final byte AT_ONCE = 2;

    /** The patience of publishers with a receiver that they do not wait for. */
    protected static final long LOSSY = 0;

    private static final VarHandle HELD =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "held", VarHandle.class, Cursor.class, Object.class);

    private final Ring ring;
    private final Account account;
    private final boolean latestOnLag;

    /** Told of each message passed; null if nobody is. */
    private final @Nullable Passing passing;

    /** The account again if the receiver is lossless, else null. */
    private final @Nullable LosslessAccount lossless;

    /**
     * The message a lag ended at, for the next call. Written by the owner, and cleared by the
     * thread that ends the cursor: hence volatile from the lag to the end. The owner may miss the
     * clearing for a moment; it then delivers a message that it found before the end.
     *
     * <p>Whether there is one, the owner asks the account and not this field. The account's answer
     * is the owner's own. A null that it found here could be of the end, and the position that it
     * reads next of before the end: then it would take the message above the one in hand.
     */
    @SuppressWarnings("UnusedVariable") // read by its handle
    private @Nullable Object held;

    /**
     * Whether all that is to be done to the next message is to take it: {@link #NEVER}, {@link
     * #NOT_NOW} while one is in hand or a thread waits, or {@link #AT_ONCE}. Plain: it is the
     * owner's. A second thread that receives is at fault; if it misses a change of the flag, it is
     * told at a later receive.
     */
    private byte taking;

    /** The last lag. Owner only. */
    private long lagFrom;

    /** What the last lag cost: above 0 while it has still to be told, then negated. Owner only. */
    private long lagMissed;

    /**
     * Subscribes.
     *
     * @param start where to begin
     * @param latestOnLag whether a lag resumes at the newest message rather than the oldest
     *     retained
     * @param label what this receiver is called by those who are told of it, or null
     * @throws IllegalArgumentException if the start is above the tail
     */
    protected Cursor(Channel channel, Start start, boolean latestOnLag, @Nullable Object label) {
        this(channel, start, latestOnLag, label, LOSSY);
    }

    /**
     * As above, of a receiver that publishers which wait may have to wait for.
     *
     * @param patience for how many nanoseconds they wait for it while it does not move; {@link
     *     #LOSSY} for not at all, {@link #FOREVER} without limit
     */
    protected Cursor(
            Channel channel,
            Start start,
            boolean latestOnLag,
            @Nullable Object label,
            long patience) {
        super(channel);
        this.ring = channel.ring();
        this.latestOnLag = latestOnLag;
        Receivers receivers = channel.receivers();
        receivers.sweep();
        if (patience != LOSSY) {
            channel.room().sweep();
        }
        StackProbe.requireRoom(); // a receiver must not be left half entered
        long id = receivers.enter();
        Account opened = null;
        boolean listed = false;
        try {
            long tail = ring.tail();
            long from = start.position(tail, ring.capacity(), channel.forgottenTo());
            if (patience == LOSSY) {
                lossless = null;
                passing = channel.amnesia();
                opened = new Account(this, id, from, tail, label);
            } else {
                Room room = channel.room();
                lossless =
                        new LosslessAccount(
                                this,
                                id,
                                from,
                                tail,
                                label,
                                room::signal,
                                room.stride(),
                                patience,
                                channel.amnesia());
                passing = lossless;
                opened = lossless;
                room.admit(lossless, start, channel.forgottenTo());
            }
            account = opened;
            receivers.add(opened);
            listed = true;
        } finally {
            if (!listed) {
                if (opened != null) {
                    opened.tryEnd(NoMessage.RECEIVER_CLOSED); // so that no publisher waits for it
                }
                receivers.leave();
            }
            receivers.entered();
            channel.dropUnreadable(); // which others left to this receiver
        }
    }

    // ---- taking ----

    /**
     * Looks at what is next: a message, which {@link #takeDelivered} or {@link #takeFiltered} then
     * takes, or a {@link NoMessage}. Does not wait. Moves nothing, except over a loss.
     */
    protected final Object peek() {
        Account account = this.account;
        if (!account.isLive()) {
            return ended();
        }
        if (account.inHandPlain()) {
            return peekHeld();
        }
        long at = account.positionPlain();
        Object cell = ring.cell(at);
        if (cell != null && ring.sequenceOf(cell) == at) {
            return cell;
        }
        return peekOther(at, cell);
    }

    /**
     * Takes the message that {@link #peek} has just returned, counted as delivered. If this throws,
     * nothing has been taken.
     *
     * @param sequence the message's; not read from the account, which another thread may end
     */
    protected final void takeDelivered(long sequence) {
        Account account = this.account;
        if (account.inHandPlain()) {
            account.deliverInHand();
            held = null;
            if (taking == NOT_NOW) {
                taking = AT_ONCE;
            }
        } else {
            account.deliver(after(sequence), account.deliveredPlain() + 1);
        }
        if (passing != null) {
            try {
                passing.advanced(sequence + 1);
            } catch (Throwable e) {
                // The message is taken and must reach the caller; it goes with the next event.
            }
        }
    }

    /**
     * Takes the message that {@link #peek} has just returned, counted as filtered: before the
     * filter runs, so that the account holds if the filter throws. If this throws, nothing has been
     * taken.
     *
     * @param sequence the message's
     */
    protected final void takeFiltered(long sequence) {
        Account account = this.account;
        if (account.inHandPlain()) {
            account.filterInHand();
            held = null;
        } else {
            account.filter(after(sequence));
        }
        if (passing != null) {
            try {
                passing.advanced(sequence + 1);
            } catch (Throwable e) {
                // The message is taken and must reach the filter; it goes with the next event.
            }
        }
    }

    /**
     * Passes the message that {@link #peek} has just returned, which a later one supersedes. If
     * this throws, nothing has been passed.
     *
     * @param sequence the message's
     */
    protected final void takeConflated(long sequence) {
        Account account = this.account;
        if (account.inHandPlain()) {
            account.conflateInHand();
            held = null;
        } else {
            account.conflate(after(sequence));
        }
        if (passing != null) {
            try {
                passing.advanced(sequence + 1);
            } catch (Throwable e) {
                // The message has been passed; what this did not do is done at the next.
            }
        }
    }

    /**
     * The position after the message of that sequence, which stands at the cursor.
     *
     * <p>It is that of the message plus one. It is computed from the position all the same: the
     * next receive begins with it, and would otherwise wait until this message has been loaded from
     * its slot. Only if another thread has ended the account is the position no longer there.
     */
    private long after(long sequence) {
        long at = account.positionPlain();
        return (at == Account.SETTLED ? sequence : at) + 1;
    }

    /**
     * Lets {@link #takeNext} take. To be called before the cursor is used, if all that is done to a
     * message is to take it.
     */
    protected final void takeAtOnce() {
        taking = passing == null ? AT_ONCE : NEVER;
    }

    /**
     * Takes the next message, counted as delivered, if it stands in its slot and nothing else is to
     * be done. Does at once what {@link #peek} and {@link #takeDelivered} would.
     *
     * @return the message; null if nothing has been taken, and {@link #peek} has the reason
     */
    protected final @Nullable Object takeNext() {
        Account account = this.account;
        Ring ring = this.ring;
        if (taking == AT_ONCE && !ring.watched && account.isLive()) {
            long at = account.positionPlain();
            Object cell = ring.cell(at);
            if (ring.sequenceOf(cell) == at) {
                account.deliver(at + 1, account.deliveredPlain() + 1);
                return cell;
            }
        }
        return null;
    }

    /** Looks at a message above the one that {@link #peek} returned; null if it is not there. */
    protected final @Nullable Object ahead(long sequence) {
        Object cell = ring.cell(sequence);
        return cell != null && ring.sequenceOf(cell) == sequence ? cell : null;
    }

    /**
     * Says that the current thread is about to call handlers of this receiver. A publish that waits
     * in one of them may find out that it would wait for itself.
     *
     * @return what to hand to {@link #endHandling} afterwards
     */
    protected final long beginHandling() {
        return lossless == null ? 0 : lossless.beginHandling();
    }

    /** Ends what {@link #beginHandling} began. */
    protected final void endHandling(long before) {
        if (lossless != null) {
            lossless.endHandling(before);
        }
    }

    /** Counts the message just counted as filtered as delivered instead. */
    protected final void countAccepted() {
        account.deliverFiltered();
    }

    /**
     * Takes and hands over messages one after the other, counted as delivered, until something else
     * than the next message stands at the cursor. Does what {@link #peek} and {@link
     * #takeDelivered} in a loop would, with the cursor in a register instead of memory.
     *
     * @param max how many at most
     * @param limit the sequence to stop before
     * @param handler called with each message; may use this cursor itself
     * @return how many were handed over
     */
    protected final int takeRun(int max, long limit, Consumer<Object> handler) {
        if (account.inHandPlain()) {
            return 0;
        }
        Passing passing = this.passing;
        return passing == null
                ? takeUntold(max, limit, handler)
                : takeInStrides(max, limit, handler, passing);
    }

    /**
     * Takes a run in parts, and tells {@code passing} of the end of each. It has a loop of its own,
     * because the compiler makes one of two that share a loop, slower for both.
     */
    private int takeInStrides(int max, long limit, Consumer<Object> handler, Passing passing) {
        Account account = this.account;
        Ring ring = this.ring;
        @Nullable Object[] slots = ring.slots;
        int mask = ring.mask;
        long at = account.positionPlain();
        long delivered = account.deliveredPlain();
        int left = Math.clamp(limit - at, 0, max);
        int most = left;
        while (left > 0) {
            long before = at;
            long end = Math.min(at + left, (at | (passing.stride() - 1)) + 1);
            try {
                while (at < end && account.isLive()) {
                    Object cell = Ring.cellOf(slots, mask, at);
                    if (ring.sequenceOf(cell) != at) {
                        break;
                    }
                    at++;
                    account.deliver(at, ++delivered);
                    handler.accept(cell);
                    if (account.positionPlain() != at) {
                        return most - left + (int) (at - before); // see takeUntold
                    }
                }
            } finally {
                if (at == end) { // after the last of them has thrown, too
                    tell(passing, at);
                }
            }
            left -= (int) (at - before);
            if (at < end) {
                break;
            }
        }
        return most - left;
    }

    private static void tell(Passing passing, long position) {
        try {
            passing.advanced(position);
        } catch (Throwable e) {
            // What was taken has been handed over; what this did not do is done at the next.
        }
    }

    private int takeUntold(int max, long limit, Consumer<Object> handler) {
        Account account = this.account;
        // Fields that never change, in registers: the loads in the loop are ordered, and every
        // field would have to be loaded again after each.
        Ring ring = this.ring;
        @Nullable Object[] slots = ring.slots;
        int mask = ring.mask;
        long at = account.positionPlain();
        long delivered = account.deliveredPlain();
        int most = Math.clamp(limit - at, 0, max);
        int left = most;
        while (left > 0 && account.isLive()) {
            Object cell = Ring.cellOf(slots, mask, at);
            if (ring.sequenceOf(cell) != at) {
                break;
            }
            at++;
            account.deliver(at, ++delivered);
            left--;
            handler.accept(cell);
            if (account.positionPlain() != at) {
                // The handler has received from this cursor itself, or it has ended: a message, a
                // lag and the end each move the position. Hence no look at a held message either.
                break;
            }
        }
        return most - left;
    }

    private Object peekHeld() {
        if (lagMissed > 0) {
            return NoMessage.LAGGED;
        }
        Object message = HELD.getVolatile(this);
        return message == null ? ended() : message; // only the end of the cursor drops it
    }

    private Object peekOther(long at, @Nullable Object cell) {
        if (at == Account.SETTLED) {
            return ended(); // since peek looked
        }
        if (lagMissed > 0) {
            return NoMessage.LAGGED;
        }
        if (cell instanceof Terminal terminal) {
            if (at == terminal.sequence) {
                channel.wakeUps().serveLaidAside();
                channel.endReceiver(account, NoMessage.BUS_CLOSED);
                return ended();
            }
            Object displaced = terminal.displaced;
            if (displaced != null && ring.sequenceOf(displaced) == at) {
                return displaced;
            }
            return lag(at, cell);
        }
        if (cell != null && ring.sequenceOf(cell) > at) {
            return lag(at, cell);
        }
        account.setDry(at);
        return NoMessage.EMPTY;
    }

    /**
     * Resumes from the oldest or newest message left, given the cell found in the slot of {@code
     * at}.
     */
    private Object lag(long at, Object lapping) {
        StackProbe.requireRoom(); // the position must not move without the loss being counted
        Object found = lapping;
        long to = latestOnLag ? ring.tail() - 1 : oldest(at);
        Object message = null;
        int tries = 0;
        while (message == null) {
            found = ring.cell(to);
            if (found instanceof Terminal terminal) {
                if (to >= terminal.sequence) {
                    break; // all that was left has been forgotten
                }
                Object displaced = terminal.displaced;
                if (displaced != null && ring.sequenceOf(displaced) == to) {
                    message = displaced;
                } else {
                    to++;
                }
            } else if (ring.sequenceOf(found) == to || tries >= OLDEST_TRIES) {
                message = found;
                to = ring.sequenceOf(found);
            } else {
                tries++;
                to = latestOnLag ? ring.tail() - 1 : oldest(to);
            }
        }
        return resume(at, to, message);
    }

    /** The oldest message that may be left, at least {@code at}. */
    private long oldest(long at) {
        return Math.max(at, ring.tail() - ring.capacity());
    }

    private Object resume(long at, long to, @Nullable Object message) {
        long lost = to - at;
        if (message != null) {
            account.setInHand(to + 1); // first: see Account.isIdle
        }
        if (!account.skip(at, message == null ? to : to + 1)) {
            account.setNothingInHand();
            if (account.isLive()) {
                throw misused("another thread has received from ");
            }
            return ended();
        }
        channel.receivers().countMissed(account.countMissed(at, lost));
        lagFrom = at;
        lagMissed = lost;
        if (taking == AT_ONCE) {
            taking = NOT_NOW;
        }
        HELD.setVolatile(this, message);
        // Either this read finds the account ended, or the thread that ends it after this read
        // finds the message and drops it.
        if (!account.isLive()) {
            HELD.setVolatile(this, (Object) null);
        }
        channel.dropUnreadable(); // the message in hand needs its slot no more
        if (lossless != null) {
            try {
                lossless.lagged();
            } catch (Throwable e) {
                // The loss is counted and must be told. A publisher that waits looks by itself.
            }
        }
        return NoMessage.LAGGED;
    }

    /** What an ended cursor has to say; the message in hand, if there is one, goes. */
    private NoMessage ended() {
        HELD.setVolatile(this, (Object) null);
        return Objects.requireNonNull(account.ended());
    }

    /**
     * To be called when the caller has what it needs to tell the lag; until then {@link #peek}
     * returns it again, so that an error in between loses nothing.
     */
    protected final void lagTold() {
        lagMissed = -Math.abs(lagMissed);
    }

    /** Whether a lag resumes at the newest message. */
    protected final boolean isLatestOnLag() {
        return latestOnLag;
    }

    /** The first sequence lost by the lag last returned. */
    protected final long lagFrom() {
        return lagFrom;
    }

    /** How many messages that lag cost; at least 1. */
    protected final long lagMissed() {
        return Math.abs(lagMissed);
    }

    /** Where there was nothing to read when a receive last found nothing; at first the start. */
    protected final long dryAt() {
        return account.dryAtPlain();
    }

    /** The tail at the subscription: what is below was published before. */
    protected final long subscribedAt() {
        return account.subscribedAt;
    }

    @Override
    final void waits(boolean begun) {
        if (taking != NEVER) {
            taking = begun || account.inHandPlain() ? NOT_NOW : AT_ONCE;
        }
    }

    @Override
    final boolean hasNothing() {
        long at = account.positionPlain();
        Object cell = ring.cell(at);
        return !(cell instanceof Terminal) && ring.sequenceOf(cell) < at && account.isLive();
    }

    // ---- any thread ----

    /** The number of the subscription. */
    public final long id() {
        return account.id();
    }

    /**
     * Ends the subscription: nothing more is taken, and the thread waiting here, if any, returns.
     * Idempotent.
     */
    protected final void unsubscribe() {
        end(NoMessage.RECEIVER_CLOSED);
    }

    @Override
    public final boolean end(NoMessage why) {
        // Throws before the account has ended or not at all. What follows would be wrong before: a
        // message dropped from a cursor that goes on.
        boolean ended = channel.endReceiver(account, why);
        HELD.setVolatile(this, (Object) null);
        unparkOwner();
        return ended;
    }

    /** Why the subscription has ended, or null while it goes on. */
    protected final @Nullable NoMessage endedBy() {
        return account.ended();
    }

    /** Messages handed to the caller so far. */
    public final long delivered() {
        return account.delivered();
    }

    /** Messages refused by the filter so far; one more while the filter looks at one. */
    public final long filtered() {
        return account.filtered();
    }

    /** Messages left out so far because a later one had the same key. */
    public final long conflated() {
        return account.conflated();
    }

    /** Messages missed so far, as told by lags. */
    public final long missed() {
        return account.missed();
    }

    /** The sequence of the next message to take; once ended, of the one that was next then. */
    public final long position() {
        return account.cursorOrLast();
    }

    /** Whether the subscription has ended, and a receive can only say so. */
    public final boolean isClosed() {
        return !account.isLive();
    }

    /** Messages published and not yet read, 0 to the capacity; 0 once closed. */
    public final int depth() {
        long cursor = account.cursor();
        return account.isLive() ? Math.clamp(ring.tail() - cursor, 0, ring.capacity()) : 0;
    }

    /** The sequence the next message will have, or of the end. */
    protected final long tail() {
        return ring.tail();
    }

    /** The capacity of the channel. */
    protected final int capacity() {
        return ring.capacity();
    }
}
