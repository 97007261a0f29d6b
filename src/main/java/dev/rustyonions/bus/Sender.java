package dev.rustyonions.bus;

import java.util.List;

/**
 * The publishing side of a bus, to hand to those who only publish.
 *
 * <p>Thread safety: all methods may be called from any thread. None waits for a receiver or for
 * another publisher, however many there are and whatever they do. Actions before a publish
 * happen-before those after the receive of its message.
 *
 * @param <E> the type of event
 */
public sealed interface Sender<E> permits Bus, BusSender {
    /**
     * Publishes an event: all receivers subscribed now will be given it, or told that they missed
     * it.
     *
     * @param event the event, not to be modified from now on
     * @return how many receivers are subscribed at this point, one that subscribed while the event
     *     was being published perhaps included; 0 if there is none or the bus is closed. An event
     *     published to nobody is retained like any other, for a later receiver
     *     that starts with the oldest
     * @throws NullPointerException if {@code event} is null
     */
    int publish(E event);

    /**
     * Publishes an event and tells its place, so that acceptance is told apart from the number of
     * receivers.
     *
     * @param event the event, not to be modified from now on
     * @return the sequence of the event's message, or -1 if the bus is closed and the event was not
     *     accepted
     * @throws NullPointerException if {@code event} is null
     */
    long publishSequenced(E event);

    /**
     * Publishes events in their order. Each can be read as soon as it is published; parked
     * receivers are woken once, after the last. Events of other publishers may come in between.
     *
     * @param events the events; not read any more once this returns
     * @return how many were accepted: all, or the first so many if the bus was closed meanwhile
     * @throws NullPointerException if {@code events} or one of them is null; nothing is published
     *     then
     */
    int publishMany(List<? extends E> events);

    /**
     * Begins a batch, which collects events and publishes them together.
     *
     * @return a new batch, for one thread
     */
    Batch<E> batch();
}
