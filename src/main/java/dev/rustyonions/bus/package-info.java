/**
 * A broadcast bus: every receiver gets every event, publishers wait only if they ask to, and a
 * receiver that falls behind loses the oldest events and is told how many.
 *
 * <p>{@link dev.rustyonions.bus.Bus} is the way in: create one, {@linkplain
 * dev.rustyonions.bus.Sender#publish publish} from any thread, {@linkplain
 * dev.rustyonions.bus.Bus#subscribe() subscribe} once per task and {@linkplain
 * dev.rustyonions.bus.Receiver#recv() receive} in a loop that switches over {@link
 * dev.rustyonions.bus.Received}:
 *
 * <ul>
 *   <li>{@link dev.rustyonions.bus.Message}: an event and its sequence in the one order that all
 *       receivers see;
 *   <li>{@link dev.rustyonions.bus.Lagged}: so many messages were lost, go on;
 *   <li>{@link dev.rustyonions.bus.Closed}: nothing more will come, return.
 * </ul>
 *
 * <p>{@link dev.rustyonions.bus.Event} is a ready hierarchy for service supervision; any type of
 * yours does as well.
 */
/*
 * What is public here and what is not
 * -----------------------------------
 * The public types are the API: Bus, BusBuilder, BusConfig, Mode; Sender, Batch; Receiver,
 * SubscribeOptions, Handler; Polled, Received, Message, Lagged, Closed, Empty, Reason; BusStats,
 * ReceiverStats, Advice, BusObserver; Event.
 *
 * The others are package-private. They stand in this package because a package of their own would
 * have to make them, or members of the API that they read, public:
 *
 *     BusSender, BusReceiver, MessageRing,      the API over the engine of the package ring
 *     and Conflation, Durations, BusId
 *     LagSizes                                  what the advice is drawn from
 *     Settings, Setting, RawValue,              what a builder was told, what may be told where,
 *     and ConfigResolver                            what holds in the end
 *     Observers, Observation, Sampler           everyone who is told what happens on a bus
 *     BusLog, LagLog, ReceiverLog, PerMinute     the log
 *     JfrGate, JfrArrival, JfrEvents            the flight recorder; three classes, since only the
 *                                               first can be loaded where there is no recorder
 */
@NullMarked
package dev.rustyonions.bus;

import org.jspecify.annotations.NullMarked;
