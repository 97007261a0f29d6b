package dev.rustyonions.bus;

import java.time.Duration;
import java.util.List;

/**
 * The publishing side of a bus, to hand to those who only publish.
 *
 * <p>Thread safety: all methods may be called from any thread. Only {@link #submit}, {@link
 * #offer}, {@link #submitMany} and the batches of {@link #waitingBatch} wait for receivers. The
 * others wait for no receiver and no other publisher, however many there are and whatever they do.
 * Actions before a publish happen-before those after the receive of its message.
 *
 * @param <E> the type of event
 */
public sealed interface Sender<E> permits Bus, BusSender {
    /** In place of a sequence: the bus is closed, and the event was not accepted. */
    long CLOSED = -1;

    /** In place of a sequence: there was no room in time, and the event was not accepted. */
    long TIMED_OUT = -2;

    /**
     * In place of a sequence: the thread was interrupted before there was room, and the event was
     * not accepted.
     */
    long INTERRUPTED = -3;

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
     * @return the sequence of the event's message, or {@link #CLOSED} if the bus is closed and the
     *     event was not accepted
     * @throws NullPointerException if {@code event} is null
     */
    long publishSequenced(E event);

    /**
     * Publishes an event as {@link #publish} does, but waits while a {@linkplain
     * SubscribeOptions#lossless() lossless} receiver has not taken the message that it would
     * overwrite. If all publishers of a bus wait, its lossless receivers miss nothing. Receivers
     * that are not lossless are not waited for.
     *
     * <p>Blocks while there is no room; a virtual thread that waits does not hold its carrier.
     * Publishers that wait are woken in the order in which they began to, virtual and platform
     * threads each in an order of their own. One that finds room when it comes does not wait behind
     * them. While the first tells observers of a receiver that was ended or released, one behind it
     * may take its turn. The close of the bus ends the wait.
     *
     * @param event the event, not to be modified from now on
     * @return the sequence of the event's message; {@link #CLOSED} if the bus is closed, or {@link
     *     #INTERRUPTED} if the thread was interrupted before there was room, with the interrupt
     *     status kept. The event has not been accepted then. An interrupted thread that finds room
     *     publishes
     * @throws NullPointerException if {@code event} is null
     * @throws IllegalStateException if the thread would wait for itself, because it handles the
     *     messages of the lossless receiver that is in the way; the event has not been accepted.
     *     Thrown at once in a handler that {@code consume} or {@code drain} has called. A thread
     *     that calls {@code recv} by itself is found out after it has waited for a second
     */
    long submit(E event);

    /**
     * Publishes an event as {@link #submit} does, but waits no longer than a given time.
     *
     * @param event the event, not to be modified from now on
     * @param timeout how long at most; zero or less not to wait; more than about 292 years means
     *     292 years
     * @return what {@link #submit} returns, or {@link #TIMED_OUT} if there was no room in time; the
     *     event has not been accepted then
     * @throws NullPointerException if {@code event} or {@code timeout} is null
     * @throws IllegalStateException if the thread would wait for itself; see {@link #submit}. If
     *     the time is up before that is found out, the result is {@link #TIMED_OUT}
     */
    long offer(E event, Duration timeout);

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
     * Publishes events as {@link #publishMany} does, but waits for room as {@link #submit} does.
     * Receivers are woken before each wait. Events of other publishers may come in between.
     *
     * @param events the events; not read any more once this returns
     * @return how many were accepted: all, or the first so many if the bus was closed meanwhile, or
     *     the thread interrupted before there was room for the next; the interrupt status is kept
     * @throws NullPointerException if {@code events} or one of them is null; nothing is published
     *     then
     * @throws IllegalStateException if the thread would wait for itself; see {@link #submit}. The
     *     events for which there was room have been published then
     */
    int submitMany(List<? extends E> events);

    /**
     * Begins a batch, which collects events and publishes them together, without waiting for any
     * receiver.
     *
     * @return a new batch, for one thread
     */
    Batch<E> batch();

    /**
     * Begins a batch that waits for lossless receivers: {@link Batch#add}, {@link Batch#flush} and
     * {@link Batch#close} block as {@link #submit} does when they publish.
     *
     * @return a new batch, for one thread
     */
    Batch<E> waitingBatch();
}
