package dev.rustyonions.bus.ring;

/**
 * A room whose publishers park on a monitor, and look for room only when they are unparked: no look
 * after a while makes up for a wake-up that is lost.
 */
final class MonitorRoom extends Room {
    private final MonitorPark parked = new MonitorPark();

    MonitorRoom(Ring ring) {
        super(ring);
    }

    @Override
    long relook(boolean first) {
        return Long.MAX_VALUE;
    }

    @Override
    void parkNanos(long nanos) {
        parked.park();
    }

    @Override
    void unpark(Thread thread) {
        parked.unpark(thread);
    }
}
