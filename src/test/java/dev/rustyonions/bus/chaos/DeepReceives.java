package dev.rustyonions.bus.chaos;

import dev.rustyonions.bus.Bus;
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
    private final Sequel sequel = new Sequel();
    private int overflows;

    private DeepReceives() {}

    /** How often to receive on a shallow stack first, by which the compiler gets to work or not. */
    public static void main(String[] args) throws InterruptedException {
        new DeepReceives().run(Integer.parseInt(args[0]));
    }

    private void run(int warmUp) throws InterruptedException {
        for (int i = 0; i < warmUp; i++) {
            bus.publish(i);
            sequel.enter(rx.tryRecv());
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < 600; i++) {
                bus.publish(i);
            }
            Runnable deep = () -> overflows += DeepStack.overflows(20, this::receive);
            Thread thread = new Thread(null, deep, "deep", 200 * 1024 + 16 * round);
            thread.start();
            thread.join();
            sequel.enterKept();
            while (sequel.enter(rx.tryRecv())) {}
        }
        long uncounted = bus.stats().published() - rx.delivered() - rx.missed();
        System.out.println(
                "overflows " + overflows + ", gaps " + sequel.gaps() + ", uncounted " + uncounted);
    }

    private void receive() {
        Polled<Integer> polled = rx.tryRecv();
        sequel.kept[sequel.keeps] = polled;
        sequel.keeps++;
    }
}
