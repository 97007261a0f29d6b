package dev.rustyonions.bus.footprint;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Receiver;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Registers an observer while there is no memory for its sampler, and prints what it is told of
 * afterwards: nothing, since nobody got the means to end that observation.
 */
final class ObserveWithoutMemory {
    private static int lags;
    private static int samples;

    private ObserveWithoutMemory() {}

    public static void main(String[] args) {
        BusObserver observer =
                new BusObserver() {
                    @Override
                    public int sampleEvery() {
                        return 1;
                    }

                    @Override
                    public void lagged(Optional<String> receiver, Lagged<?> lag) {
                        lags++;
                    }

                    @Override
                    public void published(long sequence, long nanos) {
                        samples++;
                    }
                };
        try (Bus<Integer> bus = Bus.builder().capacity(65536).overflowWarnPerMinute(0).build();
                Receiver<Integer> rx = bus.subscribe()) {
            Bus.create(4).observe(observer).close(); // loads what is needed
            String outcome = observe(bus, observer);
            for (int i = 0; i < 70_000; i++) {
                bus.publish(i);
            }
            rx.tryRecv();
            System.out.println(outcome + ", lags told " + lags + ", samples " + samples);
        }
    }

    private static String observe(Bus<Integer> bus, BusObserver observer) {
        List<byte[]> everything = new ArrayList<>();
        try {
            while (true) {
                everything.add(new byte[1 << 20]);
            }
        } catch (OutOfMemoryError full) {
            try {
                bus.observe(observer);
                return "registered";
            } catch (OutOfMemoryError e) {
                return "OutOfMemoryError";
            }
        } finally {
            everything.clear();
        }
    }
}
