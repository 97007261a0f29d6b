package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the imports of one origin gave in a soak, kept by who follows their buses. One thread writes
 * at a time; the last part may be looked at by any.
 */
final class SoakLedger {
    /** A stretch of numbers without a gap: of one run and, without a stream, of one import. */
    static final class Part {
        volatile int run = -1;
        volatile long next;
        volatile boolean closed;

        /** Whether the import has said that it hears nothing, and has heard nothing since. */
        volatile boolean silent;

        final boolean isAfterRestart;
        long base;
        long first = -1;
        long arrived;
        final Map<Cause, Long> lost = new EnumMap<>(Cause.class);

        private Part(boolean isAfterRestart) {
            this.isAfterRestart = isAfterRestart;
        }

        long lostInAll() {
            return lost.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private final String origin;
    private final List<Part> parts = new ArrayList<>(List.of(new Part(false)));

    /** Where each run was left. */
    private final Map<Integer, Long> left = new HashMap<>();

    /** Whether nothing arrived of a run that was left, so that nobody can say which it was. */
    private boolean hasLeftAnUnknownRun;

    private volatile Part last = parts.getLast();

    // Of the import that is there now.
    private long arrived;
    private final Map<Cause, Long> lost = new EnumMap<>(Cause.class);

    SoakLedger(String origin) {
        this.origin = origin;
    }

    /** Another import begins; with a stream it goes on where the one before has stopped. */
    void nextImport(boolean isStream) {
        arrived = 0;
        lost.clear();
        if (!isStream) {
            left.clear();
            hasLeftAnUnknownRun = false;
            add(new Part(false));
        }
    }

    private void add(Part part) {
        parts.add(part);
        last = part;
    }

    void take(Remote<SoakEvent> remote) {
        if (!remote.origin().equals(origin)) {
            return; // of another side under the same subject
        }
        Part part = last;
        switch (remote) {
            case Remote.Arrived<SoakEvent>(String whose, long number, SoakEvent event) -> {
                follows(part, number);
                belongs(part, number, event);
                part.next = number + 1;
                part.silent = false;
                part.arrived++;
                arrived++;
            }
            case Remote.Lost<SoakEvent>(String whose, long from, long missed, Cause cause) -> {
                assertThat(missed).isPositive();
                follows(part, from);
                part.next = from + missed;
                part.silent = false;
                part.lost.merge(cause, missed, Long::sum);
                lost.merge(cause, missed, Long::sum);
            }
            case Remote.Restarted<SoakEvent>(String whose) -> {
                if (part.run >= 0) {
                    left.put(part.run, part.next);
                } else if (part.first >= 0) {
                    hasLeftAnUnknownRun = true;
                }
                add(new Part(true));
            }
            case Remote.Silent<SoakEvent>(String whose, boolean closed) -> {
                part.closed |= closed;
                part.silent = true;
            }
        }
    }

    private static void follows(Part part, long number) {
        if (part.first < 0) {
            part.first = number;
            part.next = number;
        }
        assertThat(number).isEqualTo(part.next);
    }

    /** The event is the one that was given this number, and of the run that is heard. */
    private void belongs(Part part, long number, SoakEvent event) {
        if (part.run < 0) {
            part.run = event.run();
            part.base = event.sequence() - number;
            if (part.isAfterRestart && !hasLeftAnUnknownRun) {
                assertThat(part.first).isEqualTo(left.getOrDefault(part.run, 0L));
            }
        }
        assertThat(event.run()).isEqualTo(part.run);
        assertThat(event.sequence() - number).isEqualTo(part.base);
    }

    /** Whether the last message of that run has come. */
    boolean hasHeardTheEndOf(int run) {
        Part part = last;
        return part.run == run && part.closed;
    }

    /** Whether nothing is heard of that run any more, it has ended or is out of reach. */
    boolean hasHeardTheSilenceOf(int run) {
        Part part = last;
        return part.run == run && part.silent;
    }

    /** Whether an event of that run has come. */
    boolean hasHeardOf(int run) {
        return last.run == run;
    }

    /** What an import counts is what it gave. */
    void compare(OriginStats stats) {
        assertThat(stats.arrived()).isEqualTo(arrived);
        assertThat(stats.lost()).isEqualTo(lost);
    }

    List<Part> parts() {
        return parts;
    }
}
