package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * Which of the messages that wait for a receiver a later one supersedes. Used by the receiver's
 * thread alone.
 */
final class Conflation<E> {
    /*
     * When a receiver finds more than one message waiting, it looks through all of them, up to the
     * first that is not there yet: for each key the last message survives. What is kept of the look
     * is one bit a message; keys and events are let go. So each message is looked at once, and the
     * memory is a bit a slot of the window. Messages that come during the look or after it wait for
     * the next.
     *
     * A message that the filter refuses supersedes nothing. It is marked, so that the filter is not
     * asked again.
     *
     * If the key function or the filter throws, the look ends before that message. It is looked at
     * again when its turn has come, and throws then, to the receive that takes it.
     */
    private final Function<? super E, ?> key;
    private final @Nullable Predicate<? super E> filter;
    private final BitSet superseded = new BitSet();
    private final BitSet refused = new BitSet();

    /** For each key the index of its last message. Empty but during a look. */
    private final Map<Object, Integer> last = new HashMap<>();

    /** The messages looked at: from here to below {@code to}. */
    private long from;

    private long to;

    /** What becomes of a message. */
    enum Fate {
        /** It is given to the caller. */
        GIVEN,
        /** The filter has refused it. */
        REFUSED,
        /** A later one has the same key. */
        SUPERSEDED
    }

    Conflation(Function<? super E, ?> key, @Nullable Predicate<? super E> filter) {
        this.key = key;
        this.filter = filter;
    }

    /**
     * What becomes of the next message; looks at those that wait behind it if that has not been
     * done. What the key function or the filter throws at this very message is thrown.
     *
     * @param next the message
     * @param capacity how many may wait
     * @param ahead gives the message of a sequence, or null if it is not there
     */
    Fate fateOf(Message<E> next, int capacity, LongFunction<@Nullable Message<E>> ahead) {
        long sequence = next.sequence();
        if (sequence >= to) {
            look(next, capacity, ahead);
        }
        int index = (int) (sequence - from);
        if (refused.get(index)) {
            return Fate.REFUSED;
        }
        return superseded.get(index) ? Fate.SUPERSEDED : Fate.GIVEN;
    }

    private void look(Message<E> next, int capacity, LongFunction<@Nullable Message<E>> ahead) {
        superseded.clear();
        refused.clear();
        from = next.sequence();
        to = from;
        boolean several = ahead.apply(from + 1) != null;
        Message<E> message = next;
        try {
            do {
                note((int) (to - from), message.event(), several);
                to++;
                message = several && to - from < capacity ? ahead.apply(to) : null;
            } while (message != null);
        } catch (Throwable e) {
            if (to == from) {
                throw e;
            }
            // When its turn has come it is looked at anew: thrown again, or given if by then
            // nothing waits behind it.
        } finally {
            last.clear();
        }
    }

    private void note(int index, E event, boolean several) {
        if (filter != null && !filter.test(event)) {
            refused.set(index);
        } else if (several) {
            Object of = key.apply(event);
            if (of != null) {
                Integer before = last.put(of, index);
                if (before != null) {
                    superseded.set(before);
                }
            }
        }
    }
}
