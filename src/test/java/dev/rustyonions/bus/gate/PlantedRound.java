package dev.rustyonions.bus.gate;

/** What {@link PlantedShape} permits. */
record PlantedRound(int radius) implements PlantedShape {}
