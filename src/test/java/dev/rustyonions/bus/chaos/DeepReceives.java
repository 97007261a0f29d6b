package dev.rustyonions.bus.chaos;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Receiver;

/**
 * Receives on stacks that are almost full, again and again, with stacks of different sizes, so that
 * the overflow strikes at many points of a receive. Prints how often it did, how many sequences
 * were skipped, and how many messages no counter has.
 */
final class DeepReceives {
    private static final int ROUNDS = 60;

    private final Bus<Integer> bus = Bus.builder().capacity(1024).overflowWarnPerMinute(0).build();
    private final Receiver<Integer> rx = bus.subscribe();
    private int overflows;
    private int gaps;
    private long next;

    private DeepReceives() {}

    /** How often to receive on a shallow stack first, by which the compiler gets to work or not. */
    public static void main(String[] args) throws InterruptedException {
        new DeepReceives().run(Integer.parseInt(args[0]));
    }

    private void run(int warmUp) throws InterruptedException {
        for (int i = 0; i < warmUp; i++) {
            bus.publish(i);
            enter(rx.tryRecv());
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < 600; i++) {
                bus.publish(i);
            }
            Runnable deep = () -> overflows += DeepStack.overflows(20, () -> enter(rx.tryRecv()));
            Thread thread = new Thread(null, deep, "deep", 200 * 1024 + 16 * round);
            thread.start();
            thread.join();
            while (enter(rx.tryRecv())) {}
        }
        long uncounted = bus.stats().published() - rx.delivered() - rx.missed();
        System.out.println(
                "overflows " + overflows + ", gaps " + gaps + ", uncounted " + uncounted);
    }

    /** Without a call once the message is there: an overflow in one would lose it here. */
    private boolean enter(Polled<Integer> polled) {
        if (polled instanceof Message<Integer>) {
            Message<Integer> message = (Message<Integer>) polled;
            long sequence = message.sequence();
            gaps += sequence == next ? 0 : 1;
            next = sequence + 1;
            return true;
        }
        return false;
    }
}
