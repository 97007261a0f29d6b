package dev.rustyonions.bus.ring;

/** A wait stack whose threads park on a monitor, and only return when they are unparked. */
final class MonitorStack extends WaitStack {
    private final MonitorPark parked = new MonitorPark();

    @Override
    void park(Object blocker) {
        parked.park();
    }

    @Override
    void parkNanos(Object blocker, long nanos) {
        throw new UnsupportedOperationException("no model of time");
    }

    @Override
    void unpark(Thread thread) {
        parked.unpark(thread);
    }
}
