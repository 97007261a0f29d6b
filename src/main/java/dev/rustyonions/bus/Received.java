package dev.rustyonions.bus;

/**
 * What {@link Receiver#recv()} returns. A switch over the three cases is exhaustive, so a loss
 * cannot be overlooked:
 *
 * {@snippet :
 * void run(Receiver<Event> rx) {
 *     try (rx) {
 *         while (true) {
 *             switch (rx.recv()) {
 *                 case Message<Event>(long sequence, Event event) -> handle(event);
 *                 case Lagged<Event>(long from, long missed) -> resynchronize(missed);
 *                 case Closed<Event> closed -> {
 *                     return;
 *                 }
 *             }
 *         }
 *     }
 * }
 * }
 *
 * <p>A lag is neither an error nor the end: the receiver goes on behind the gap.
 *
 * @param <E> the type of event
 */
public sealed interface Received<E> extends Polled<E> permits Message, Lagged, Closed {}
