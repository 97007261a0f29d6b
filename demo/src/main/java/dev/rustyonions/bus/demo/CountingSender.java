package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Sender;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A publisher's access to the bus, with the publisher's own count of what the bus accepted: one
 * side of the account. Any thread may publish through it.
 */
final class CountingSender {
    private final Sender<Event> sender;
    private final Kind kind;
    private final Publishing publishing;
    private final AtomicLong accepted = new AtomicLong();

    CountingSender(Sender<Event> sender, Kind kind) {
        this(sender, kind, new Publishing());
    }

    CountingSender(Sender<Event> sender, Kind kind, Publishing publishing) {
        this.sender = sender;
        this.kind = kind;
        this.publishing = publishing;
    }

    Kind kind() {
        return kind;
    }

    /** What the bus accepted so far; exact once the publishing threads have ended. */
    long accepted() {
        return accepted.get();
    }

    /** Publishes one event of this sender's kind; refused silently once the bus is closed. */
    void publish(Event event) {
        check(event);
        long sequence = publishing.waits() ? sender.submit(event) : sender.publishSequenced(event);
        if (sequence >= 0) {
            accepted.incrementAndGet();
            publishing.published(sequence, event);
        }
    }

    /** Publishes events of this sender's kind with one wake-up. */
    void publishAll(List<Event> events) {
        events.stream().findFirst().ifPresent(this::check);
        accepted.addAndGet(
                publishing.waits() ? sender.submitMany(events) : sender.publishMany(events));
    }

    private void check(Event event) {
        if (Kind.of(event) != kind) {
            throw new IllegalArgumentException(
                    "a sender for " + kind.label() + " was given " + Kind.of(event).label());
        }
    }
}
