package dev.rustyonions.bus.micrometer;

import dev.rustyonions.bus.ReceiverStats;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The names of receivers that have series, and what the receivers of each have missed: those that
 * have ended, as told, and those that live, as seen.
 */
final class ReceiverNames {
    /*
     * Receivers that end push what they missed onto a stack, which they never wait for. One thread
     * at a time, the keeper, takes the stack off and adds it to sums by name. A reading does so
     * before it walks the living receivers, and a receiver is out of the walk before it is told to
     * have ended, so its loss may be in neither for a moment and is never in both; a name is never
     * shown with less than before.
     *
     * There are at most so many names as are allowed: a name that has a place keeps it while it is
     * borne, others take what is free. The stack is bounded because who pushes onto a long one
     * becomes the keeper if there is none.
     */

    /** So many endings, and the next is summed up by whoever tells of it. */
    private static final int LONG_STACK = 1024;

    /**
     * What the series of one name show.
     *
     * @param depth the deepest living receiver's
     * @param missed by all receivers of the name since it has a place
     * @param stays in how many more readings it is shown though no living receiver has it
     */
    record Named(int depth, long missed, int stays) {}

    /**
     * One reading.
     *
     * @param named by name
     * @param omitted names that were to be shown and had no place
     */
    record Shown(Map<String, Named> named, long omitted) {}

    /** Receivers of one name that ended. */
    private record Ending(String name, long missed, @Nullable Ending next, int size) {}

    /** Living receivers of one name. */
    private record Living(int depth, long missed) {
        Living with(ReceiverStats receiver) {
            return new Living(Math.max(depth, receiver.depth()), missed + receiver.missed());
        }
    }

    private final int most;
    private final AtomicReference<@Nullable Ending> endings = new AtomicReference<>();

    // Used by the keeper.

    private Map<String, Named> shown = Map.of();

    /** For each name that has a place, what its receivers that ended had missed. */
    private Map<String, Long> gone = new HashMap<>();

    /** The same for names without a place, since the last reading. At most as many as are shown. */
    private final Map<String, Long> goneUnseen = new HashMap<>();

    /** Names that found no room there, since the last reading. */
    private long goneOmitted;

    /**
     * Begins without names.
     *
     * @param most how many may be shown
     */
    ReceiverNames(int most) {
        this.most = most;
    }

    /**
     * Notes the end of a receiver.
     *
     * @return whether the stack has become long, and {@link #sumUp} should be called
     */
    boolean ended(String name, long missed) {
        Ending before;
        Ending after;
        do {
            before = endings.get();
            after =
                    before != null && before.name().equals(name)
                            ? new Ending(
                                    name, before.missed() + missed, before.next(), before.size())
                            : new Ending(
                                    name, missed, before, before == null ? 1 : before.size() + 1);
        } while (!endings.compareAndSet(before, after));
        return after.size() > LONG_STACK;
    }

    /** Adds the endings told so far to the sums. By the keeper. */
    void sumUp() {
        for (Ending ending = endings.getAndSet(null); ending != null; ending = ending.next()) {
            String name = ending.name();
            if (shown.containsKey(name)) {
                gone.merge(name, ending.missed(), Long::sum);
            } else if (ending.missed() > 0) {
                if (goneUnseen.size() < most || goneUnseen.containsKey(name)) {
                    goneUnseen.merge(name, ending.missed(), Long::sum);
                } else {
                    goneOmitted++;
                }
            }
        }
    }

    /**
     * Takes a reading. By the keeper, who has summed up the endings before the receivers were
     * looked at.
     *
     * @param receivers the living ones, most recent subscriptions first
     */
    Shown read(List<ReceiverStats> receivers) {
        Map<String, Living> living = new LinkedHashMap<>();
        for (ReceiverStats receiver : receivers.reversed()) {
            String name = receiver.name().orElseThrow(); // a reading shows named ones alone
            Living of = living.getOrDefault(name, new Living(0, 0));
            living.put(name, of.with(receiver));
        }
        Map<String, Named> next = new HashMap<>();
        shown.forEach(
                (name, was) -> {
                    Named is = stillNamed(name, was, living.get(name));
                    if (is != null) {
                        next.put(name, is);
                    }
                });
        long omitted = goneOmitted;
        for (Map.Entry<String, Living> entry : living.entrySet()) {
            String name = entry.getKey();
            if (!shown.containsKey(name)) {
                if (next.size() < most) {
                    long before = goneUnseen.getOrDefault(name, 0L);
                    Living of = entry.getValue();
                    next.put(name, new Named(of.depth(), before + of.missed(), 1));
                } else {
                    omitted++;
                }
            }
        }
        for (Map.Entry<String, Long> entry : goneUnseen.entrySet()) {
            if (!living.containsKey(entry.getKey())) {
                if (next.size() < most) {
                    // Its series are made by this reading, and seen in the next.
                    next.put(entry.getKey(), new Named(0, entry.getValue(), 1));
                } else {
                    omitted++;
                }
            }
        }
        Map<String, Long> sums = new HashMap<>();
        for (String name : next.keySet()) {
            long sum = gone.getOrDefault(name, 0L) + goneUnseen.getOrDefault(name, 0L);
            if (sum > 0) {
                sums.put(name, sum);
            }
        }
        gone = sums;
        goneUnseen.clear();
        goneOmitted = 0;
        shown = Map.copyOf(next);
        return new Shown(shown, omitted);
    }

    /** What a name that has a place shows now; null if it goes. */
    private @Nullable Named stillNamed(String name, Named was, @Nullable Living living) {
        long ended = gone.getOrDefault(name, 0L);
        if (living != null) {
            return new Named(living.depth(), Math.max(was.missed(), ended + living.missed()), 1);
        }
        // One reading shows what was lost since the last; or more if an end is told late.
        return was.stays() > 0 || ended > was.missed()
                ? new Named(0, Math.max(was.missed(), ended), 0)
                : null;
    }
}
