package dev.rustyonions.bus.ring;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A position below which there is room, as far as the receivers are concerned that were listed when
 * this was made.
 */
final class Limit extends LimitBelow {
    int afterGap;
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;

    private static final VarHandle BELOW =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "below", VarHandle.class, LimitBelow.class, long.class);

    long below() {
        return below;
    }

    void raise(long to) {
        long now = below;
        while (now < to && !BELOW.compareAndSet(this, now, to)) {
            now = below;
        }
    }
}

/** The number alone, off the lines of its neighbours in memory; see {@link PadBefore}. */
abstract class LimitBelow extends PadBefore {
    /** Rises only. Volatile. */
    volatile long below;
}
