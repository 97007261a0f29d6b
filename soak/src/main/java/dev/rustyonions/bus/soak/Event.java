package dev.rustyonions.bus.soak;

/** The {@code number}-th event that a publisher offered, counted from 0. */
record Event(int publisher, long number) {}
