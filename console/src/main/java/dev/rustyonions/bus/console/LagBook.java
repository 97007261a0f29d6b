package dev.rustyonions.bus.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The lags of one bus that no page has been told of yet. Receivers write, one thread takes. However
 * many lags there are between two takings, the memory for them is bounded.
 */
final class LagBook {
    private static final int MOST = 1_000;

    /**
     * Lags of one receiver, or of those of one name.
     *
     * @param at when the last one was told, in milliseconds of the epoch
     * @param receiver its name; empty if it has none
     * @param times how many
     * @param from the first sequence lost by the first of them
     * @param missed messages lost by all of them
     */
    record Lags(long at, String receiver, long times, long from, long missed) {
        Lags and(Lags later) {
            return new Lags(later.at, receiver, times + later.times, from, missed + later.missed);
        }
    }

    private final ConcurrentLinkedQueue<Lags> lags = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final LongAdder timesBeyond = new LongAdder();
    private final LongAdder missedBeyond = new LongAdder();

    void add(String receiver, long from, long missed) {
        if (size.incrementAndGet() > MOST) {
            size.decrementAndGet();
            timesBeyond.increment();
            missedBeyond.add(missed);
        } else {
            lags.add(new Lags(System.currentTimeMillis(), receiver, 1, from, missed));
        }
    }

    /** Those since the last call, summed up by receiver; what was beyond the bound comes last. */
    List<Lags> take() {
        Map<String, Lags> taken = new LinkedHashMap<>();
        for (int i = 0; i < MOST; i++) {
            Lags next = lags.poll();
            if (next == null) {
                break;
            }
            size.decrementAndGet();
            taken.merge(next.receiver, next, Lags::and);
        }
        List<Lags> all = new ArrayList<>(taken.values());
        long beyond = timesBeyond.sumThenReset();
        if (beyond > 0) {
            long now = System.currentTimeMillis();
            all.add(new Lags(now, "(others)", beyond, -1, missedBeyond.sumThenReset()));
        }
        return all;
    }
}
