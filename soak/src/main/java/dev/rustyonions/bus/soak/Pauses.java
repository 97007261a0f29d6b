package dev.rustyonions.bus.soak;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When the JVM had stopped all threads of Java, by its flight recorder: from the request to stop
 * until they were let go on. Thread-safe.
 */
final class Pauses implements AutoCloseable {
    /** How many are kept: those of many more seconds than are asked about. */
    private static final int KEPT = 4096;

    /** From when to when, in nanoseconds of {@link #now()}. */
    record Pause(long from, long to) {}

    private final Deque<Pause> pauses = new ArrayDeque<>();
    private final RecordingStream recorder = new RecordingStream();

    /** When the pause began whose end has not been told yet. */
    private long begun = Long.MAX_VALUE;

    Pauses() {
        for (String event : new String[] {"jdk.SafepointBegin", "jdk.SafepointEnd"}) {
            recorder.enable(event).withoutThreshold().withoutStackTrace();
        }
        recorder.onEvent("jdk.SafepointBegin", this::begin);
        recorder.onEvent("jdk.SafepointEnd", this::end);
        recorder.startAsync();
    }

    /** The time on the clock of the recorder, in nanoseconds. */
    static long now() {
        return nanos(Instant.now());
    }

    private static long nanos(Instant time) {
        return ChronoUnit.NANOS.between(Instant.EPOCH, time);
    }

    private synchronized void begin(RecordedEvent event) {
        begun = nanos(event.getStartTime());
    }

    private synchronized void end(RecordedEvent event) {
        add(begun, nanos(event.getEndTime()));
        begun = Long.MAX_VALUE;
    }

    /** Remembers one; those that have not begun are none. */
    private void add(long from, long to) {
        if (from < to) {
            pauses.addLast(new Pause(from, to));
            if (pauses.size() > KEPT) {
                pauses.removeFirst();
            }
        }
    }

    /** For how many of these nanoseconds all threads were stopped, as far as it is known by now. */
    synchronized long within(long from, long to) {
        long stopped = 0;
        for (Pause pause : pauses) {
            stopped += Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from));
        }
        return stopped;
    }

    /** Waits for what the recorder has seen so far, and ends it. */
    @Override
    public void close() {
        recorder.stop();
        recorder.close();
    }
}
