/**
 * The bus on live data of its own JVM.
 *
 * <p>{@link dev.rustyonions.bus.demo.PublishSmoke} is the shortest program to copy. {@link
 * dev.rustyonions.bus.demo.Demo} wires up the rest: three {@linkplain
 * dev.rustyonions.bus.demo.Source sources} of real events and, on request, a {@linkplain
 * dev.rustyonions.bus.demo.SyntheticLoad synthetic load} publish; each {@link
 * dev.rustyonions.bus.demo.Subscriber} receives in a virtual thread and keeps a {@link
 * dev.rustyonions.bus.demo.Ledger}; a {@link dev.rustyonions.bus.demo.Display} shows them, and a
 * {@link dev.rustyonions.bus.demo.Balance} compares them against what the publishers counted.
 */
@NullMarked
package dev.rustyonions.bus.demo;

import org.jspecify.annotations.NullMarked;
