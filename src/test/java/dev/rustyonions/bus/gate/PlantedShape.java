package dev.rustyonions.bus.gate;

/** Stands for a sealed type of the library whose permitted type has a file of its own. */
sealed interface PlantedShape permits PlantedRound {}
