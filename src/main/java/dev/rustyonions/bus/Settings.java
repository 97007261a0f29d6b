package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What a builder has been told so far: null where it was told nothing. Plain fields; a builder is
 * for one thread.
 */
final class Settings {
    @Nullable String name;
    @Nullable Integer capacity;
    @Nullable Integer autotune;
    @Nullable Integer fanoutHint;
    @Nullable Integer burst;
    @Nullable Boolean epochYield;
    @Nullable Integer flushThreshold;
    @Nullable Mode mode;
    @Nullable Duration linger;
    @Nullable Integer overflowWarnPerMinute;
    @Nullable String metricsNamespace;
    @Nullable Boolean amnesiaLabel;
    @Nullable Boolean amnesia;
    @Nullable String pqLabel;
}
