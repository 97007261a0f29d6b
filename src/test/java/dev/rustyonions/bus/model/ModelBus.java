package dev.rustyonions.bus.model;

import dev.rustyonions.bus.BusStats;
import dev.rustyonions.bus.Reason;

import java.util.ArrayList;
import java.util.List;

/** What a bus is to do, said with a list that forgets nothing and a cursor for each receiver. */
final class ModelBus {
    final List<Integer> published = new ArrayList<>();
    final List<ModelReceiver> receivers = new ArrayList<>();
    final int capacity;
    final boolean amnesia;
    boolean closed;

    /**
     * Below this no message is left on a bus that forgets: it must have dropped {@code forgotten}
     * and may drop up to {@code forgettable}, what no receiver can read.
     */
    long forgotten;

    long forgettable;

    /** Losses of receivers that are gone. */
    private long lostByTheGone;

    ModelBus(int capacity, boolean amnesia) {
        this.capacity = capacity;
        this.amnesia = amnesia;
    }

    long tail() {
        return published.size();
    }

    long windowStart() {
        return Math.max(0, tail() - capacity);
    }

    int living() {
        return (int) receivers.stream().filter(receiver -> receiver.ended == null).count();
    }

    /** The sequence, or -1. */
    long publish(int event) {
        if (closed) {
            return -1;
        }
        published.add(event);
        return tail() - 1;
    }

    /** The sequence, -1 of a closed bus, or -2 if a lossless receiver leaves no room. */
    long offer(int event) {
        boolean room = receivers.stream().noneMatch(ModelReceiver::isInTheWay);
        return closed || room ? publish(event) : -2;
    }

    void close() {
        closed = true;
        noteProgress();
        noteOccasionToForget();
    }

    void end(ModelReceiver receiver, Reason why) {
        if (receiver.ended == null) {
            lostByTheGone += receiver.dropped + receiver.pending();
            receiver.ended = why;
        }
        noteProgress();
        noteOccasionToForget();
    }

    /** To be called after every step. */
    void noteProgress() {
        if (amnesia && closed) {
            forgettable = Math.max(forgettable, unreadable());
        }
    }

    /**
     * The bus drops what nobody can read when it closes, when a receiver ends and when one reaches
     * the end.
     */
    void noteOccasionToForget() {
        if (amnesia && closed) {
            forgotten = Math.max(forgotten, unreadable());
        }
    }

    private long unreadable() {
        return receivers.stream()
                .filter(receiver -> receiver.ended == null)
                .mapToLong(ModelReceiver::toRead)
                .min()
                .orElse(tail());
    }

    BusStats stats() {
        long missed = lostByTheGone;
        long conflated = 0;
        long depth = 0;
        for (ModelReceiver receiver : receivers) {
            conflated += receiver.conflated;
            if (receiver.ended == null) {
                missed += receiver.dropped + receiver.pending();
                depth = Math.max(depth, receiver.depth());
            }
        }
        return new BusStats(
                tail(), missed, conflated, 0, living(), (int) depth, capacity, closed, 0, 0);
    }
}
