package dev.rustyonions.bus.ring;

/**
 * The parked receivers of a channel: a stack of virtual threads and a stack of platform threads.
 *
 * <p>Two, so that the wake-up of no thread depends on the scheduler of another kind.
 */
final class WakeUps extends WakeUpsStacks {
    int afterGap;
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;

    WakeUps(WaitStack virtuals, WaitStack platforms) {
        super(virtuals, platforms);
    }

    /** The stack on which a thread waits. */
    WaitStack stackFor(Thread thread) {
        return thread.isVirtual() ? virtuals : platforms;
    }

    /**
     * To be called before something is published that {@link #wake} is then to announce; see {@link
     * WaitStack#prepareToWake}.
     *
     * @return whether the stack was probed
     */
    boolean prepareToWake() {
        return virtuals.prepareToWake() || platforms.prepareToWake();
    }

    /**
     * Wakes every receiver parked before this call.
     *
     * @param probed what {@link #prepareToWake} returned
     */
    void wake(boolean probed) {
        try {
            virtuals.wakeIfAny(probed);
        } finally {
            platforms.wakeIfAny(probed);
        }
    }

    /** Serves what an error has kept others from serving: after the close no publisher does. */
    void serveLaidAside() {
        if (virtuals.hasLaidAside() || platforms.hasLaidAside()) {
            wake(false);
        }
    }

    /** Times a parked receiver was woken. */
    long woken() {
        return virtuals.woken() + platforms.woken();
    }
}

/** The two stacks; publishers read this, so it shares no cache line with what is written. */
abstract class WakeUpsStacks extends PadBefore {
    final WaitStack virtuals;
    final WaitStack platforms;

    WakeUpsStacks(WaitStack virtuals, WaitStack platforms) {
        this.virtuals = virtuals;
        this.platforms = platforms;
    }
}
