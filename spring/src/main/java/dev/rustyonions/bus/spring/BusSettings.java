package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.Mode;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationUnit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * The settings that every bus has, bound from properties. What is not set is left to the library's
 * own sources: system property, environment variable, default. The library checks the values: the
 * methods of {@link dev.rustyonions.bus.BusBuilder} of the same names say what is allowed.
 */
public class BusSettings {
    /**
     * How many messages the window holds: from 1 up, rounded up to a power of two and bounded to
     * [2, 65536].
     */
    private @Nullable Integer capacity;

    /**
     * How many receivers are expected, from 1 up, to choose the capacity where nothing names one:
     * up to 4 receivers 64, up to 16 128, else 256. Not to be combined with capacity.
     */
    private @Nullable Integer autotune;

    /**
     * How many receivers are expected, from 1 up, as a hint: it stands in for autotune where that
     * is not set.
     */
    private @Nullable Integer fanoutHint;

    /**
     * How many events a producer publishes in one go, from 1 up; more than the capacity draws a
     * warning.
     */
    private @Nullable Integer burst;

    /** Whether batches yield their thread after every burst of events. */
    private @Nullable Boolean epochYield;

    /** How many events a batch holds before it flushes itself: 1 to 65536, best 32 to 128. */
    private @Nullable Integer flushThreshold;

    /** How wake-ups are divided between publishers and receivers: classic, batched or edge. */
    private @Nullable Mode mode;

    /**
     * How long a receiver that ran dry waits before it asks to be woken, in edge mode only: from
     * zero up; more than a second counts as a second. A number without a unit is in microseconds.
     */
    @DurationUnit(ChronoUnit.MICROS)
    private @Nullable Duration linger;

    /** The most lag warnings a minute, over all receivers of the bus: from 0 up, 0 for none. */
    private @Nullable Integer overflowWarnPerMinute;

    /**
     * The first part of the names of metrics: a letter, then letters, digits, dots and underscores,
     * 128 characters at most.
     */
    private @Nullable String metricsNamespace;

    /** Whether metrics carry a tag amnesia with the value on or off. */
    private @Nullable Boolean amnesiaLabel;

    /** Whether a closed bus drops each payload as soon as no receiver can still read it. */
    private @Nullable Boolean amnesia;

    /**
     * The value of the tag pq of metrics: 1 to 64 letters, digits, dots, underscores, hyphens or
     * plus signs. A label only; there is no such tag unless it is set.
     */
    private @Nullable String pqLabel;

    /** Makes settings of which none is set. */
    public BusSettings() {}

    /**
     * Says what {@code capacity} is set to.
     *
     * @return the capacity; null if it is not set
     */
    public @Nullable Integer getCapacity() {
        return capacity;
    }

    /**
     * Sets {@code capacity}.
     *
     * @param capacity the capacity; null to leave it unset
     */
    public void setCapacity(@Nullable Integer capacity) {
        this.capacity = capacity;
    }

    /**
     * Says what {@code autotune} is set to.
     *
     * @return the number of receivers that chooses the capacity; null if it is not set
     */
    public @Nullable Integer getAutotune() {
        return autotune;
    }

    /**
     * Sets {@code autotune}.
     *
     * @param autotune the number of receivers that chooses the capacity; null to leave it unset
     */
    public void setAutotune(@Nullable Integer autotune) {
        this.autotune = autotune;
    }

    /**
     * Says what {@code fanoutHint} is set to.
     *
     * @return the hint; null if it is not set
     */
    public @Nullable Integer getFanoutHint() {
        return fanoutHint;
    }

    /**
     * Sets {@code fanoutHint}.
     *
     * @param fanoutHint the hint; null to leave it unset
     */
    public void setFanoutHint(@Nullable Integer fanoutHint) {
        this.fanoutHint = fanoutHint;
    }

    /**
     * Says what {@code burst} is set to.
     *
     * @return the burst; null if it is not set
     */
    public @Nullable Integer getBurst() {
        return burst;
    }

    /**
     * Sets {@code burst}.
     *
     * @param burst the burst; null to leave it unset
     */
    public void setBurst(@Nullable Integer burst) {
        this.burst = burst;
    }

    /**
     * Says what {@code epochYield} is set to.
     *
     * @return whether batches yield; null if it is not set
     */
    public @Nullable Boolean getEpochYield() {
        return epochYield;
    }

    /**
     * Sets {@code epochYield}.
     *
     * @param epochYield whether batches yield; null to leave it unset
     */
    public void setEpochYield(@Nullable Boolean epochYield) {
        this.epochYield = epochYield;
    }

    /**
     * Says what {@code flushThreshold} is set to.
     *
     * @return the threshold; null if it is not set
     */
    public @Nullable Integer getFlushThreshold() {
        return flushThreshold;
    }

    /**
     * Sets {@code flushThreshold}.
     *
     * @param flushThreshold the threshold; null to leave it unset
     */
    public void setFlushThreshold(@Nullable Integer flushThreshold) {
        this.flushThreshold = flushThreshold;
    }

    /**
     * Says what {@code mode} is set to.
     *
     * @return the mode; null if it is not set
     */
    public @Nullable Mode getMode() {
        return mode;
    }

    /**
     * Sets {@code mode}.
     *
     * @param mode the mode; null to leave it unset
     */
    public void setMode(@Nullable Mode mode) {
        this.mode = mode;
    }

    /**
     * Says what {@code linger} is set to.
     *
     * @return the linger; null if it is not set
     */
    public @Nullable Duration getLinger() {
        return linger;
    }

    /**
     * Sets {@code linger}.
     *
     * @param linger the linger; null to leave it unset
     */
    public void setLinger(@Nullable Duration linger) {
        this.linger = linger;
    }

    /**
     * Says what {@code overflowWarnPerMinute} is set to.
     *
     * @return the number of warnings; null if it is not set
     */
    public @Nullable Integer getOverflowWarnPerMinute() {
        return overflowWarnPerMinute;
    }

    /**
     * Sets {@code overflowWarnPerMinute}.
     *
     * @param overflowWarnPerMinute the number of warnings; null to leave it unset
     */
    public void setOverflowWarnPerMinute(@Nullable Integer overflowWarnPerMinute) {
        this.overflowWarnPerMinute = overflowWarnPerMinute;
    }

    /**
     * Says what {@code metricsNamespace} is set to.
     *
     * @return the namespace; null if it is not set
     */
    public @Nullable String getMetricsNamespace() {
        return metricsNamespace;
    }

    /**
     * Sets {@code metricsNamespace}.
     *
     * @param metricsNamespace the namespace; null to leave it unset
     */
    public void setMetricsNamespace(@Nullable String metricsNamespace) {
        this.metricsNamespace = metricsNamespace;
    }

    /**
     * Says what {@code amnesiaLabel} is set to.
     *
     * @return whether metrics carry the tag; null if it is not set
     */
    public @Nullable Boolean getAmnesiaLabel() {
        return amnesiaLabel;
    }

    /**
     * Sets {@code amnesiaLabel}.
     *
     * @param amnesiaLabel whether metrics carry the tag; null to leave it unset
     */
    public void setAmnesiaLabel(@Nullable Boolean amnesiaLabel) {
        this.amnesiaLabel = amnesiaLabel;
    }

    /**
     * Says what {@code amnesia} is set to.
     *
     * @return whether payloads are dropped; null if it is not set
     */
    public @Nullable Boolean getAmnesia() {
        return amnesia;
    }

    /**
     * Sets {@code amnesia}.
     *
     * @param amnesia whether payloads are dropped; null to leave it unset
     */
    public void setAmnesia(@Nullable Boolean amnesia) {
        this.amnesia = amnesia;
    }

    /**
     * Says what {@code pqLabel} is set to.
     *
     * @return the label; null if it is not set
     */
    public @Nullable String getPqLabel() {
        return pqLabel;
    }

    /**
     * Sets {@code pqLabel}.
     *
     * @param pqLabel the label; null to leave it unset
     */
    public void setPqLabel(@Nullable String pqLabel) {
        this.pqLabel = pqLabel;
    }
}
