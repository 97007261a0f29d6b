package dev.rustyonions.bus.chaos;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Receiver;

/**
 * Receives twice in a row on a stack that is almost full, again and again: what the overflow of one
 * receive leaves behind, the next one would show.
 */
final class DeepPairs {
    private final boolean lagging;
    private final Bus<Integer> bus;
    private final Receiver<Integer> rx;
    private final Sequel sequel = new Sequel();
    private boolean isReceiving;
    private int struck;

    /**
     * How it went.
     *
     * @param struck how many overflows struck in the middle of a receive
     * @param gaps how many sequences were skipped and no lag has told of it
     * @param uncounted how many messages no counter has
     */
    record Outcome(int struck, int gaps, long uncounted) {}

    private DeepPairs(boolean lagging) {
        this.lagging = lagging;
        this.bus = Bus.builder().capacity(lagging ? 2 : 1024).overflowWarnPerMinute(0).build();
        this.rx = bus.subscribe();
    }

    /** Whether the receiver lags each time. */
    public static void main(String[] args) {
        Outcome outcome = run(Boolean.parseBoolean(args[0]), 2);
        System.out.println(
                ("struck " + outcome.struck())
                        + (", gaps " + outcome.gaps())
                        + (", uncounted " + outcome.uncounted()));
    }

    /**
     * Goes down the stack and up again.
     *
     * @param lagging whether the receiver lags each time
     */
    static Outcome run(boolean lagging, int descents) {
        DeepPairs pairs = new DeepPairs(lagging);
        try (pairs.bus;
                pairs.rx) {
            return pairs.descend(descents);
        }
    }

    private Outcome descend(int descents) {
        for (int i = 0; i < descents; i++) {
            // Published in between, it would overflow first, where receiving needs less stack.
            publish(lagging ? 0 : 500);
            DeepStack.overflows(20, this::receive);
            sequel.enterKept();
            while (sequel.enter(rx.tryRecv())) {}
        }
        long uncounted = bus.stats().published() - rx.delivered() - rx.missed();
        return new Outcome(struck, sequel.gaps(), uncounted);
    }

    private void receive() {
        if (isReceiving) {
            struck++;
        }
        isReceiving = false;
        publish(lagging ? 5 : 0);
        isReceiving = true;
        Polled<Integer> polled = rx.tryRecv();
        sequel.kept[sequel.keeps] = polled;
        sequel.keeps++;
        polled = rx.tryRecv();
        sequel.kept[sequel.keeps] = polled;
        sequel.keeps++;
        isReceiving = false;
    }

    private void publish(int events) {
        for (int i = 0; i < events; i++) {
            bus.publish(i);
        }
    }
}
