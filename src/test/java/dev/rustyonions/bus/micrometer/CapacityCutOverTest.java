package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The capacity of a running service is changed by the guide's cut-over. */
class CapacityCutOverTest {
    private static final int BURST = 100;

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private BusMetrics bind(Bus<?> bus) {
        BusMetrics metrics = BusMetrics.builder(bus).fresh(Duration.ZERO).build();
        metrics.bindTo(registry);
        return metrics;
    }

    private double depth(String bus) {
        return registry.get("ron.bus.ring.depth").tag("bus", bus).gauge().value();
    }

    private double lost(String bus) {
        return registry.get("ron.bus.drop.lagged").tag("bus", bus).functionCounter().count();
    }

    /** Publishes a burst of successive numbers; the next number. */
    private static int burst(Bus<Integer> bus, int from) {
        IntStream.range(from, from + BURST).forEach(bus::publish);
        return from + BURST;
    }

    @Test
    void aCutOverToALargerBusLosesNothingAndBringsDepthAndLossBackToTheirBaseline() {
        Bus<Integer> old = Bus.builder().name("orders-1").capacity(64).build();
        BusMetrics oldMetrics = bind(old);
        Receiver<Integer> oldReceiver = old.subscribe();
        List<Integer> events = new ArrayList<>();
        int next = 0;

        // The bursts have outgrown the window: each costs its receiver 36 messages.
        for (int i = 0; i < 3; i++) {
            next = burst(old, next);
            drain(oldReceiver, events);
        }
        assertThat(lost("orders-1")).isEqualTo(3 * (BURST - 64));
        events.clear();

        // Cut over, with messages still unread in the old bus.
        IntStream.range(next, next + 10).forEach(old::publish);
        int first = next;
        next += 10;
        Bus<Integer> larger = Bus.builder().name("orders-2").capacity(256).build();
        BusMetrics newMetrics = bind(larger);
        Receiver<Integer> newReceiver = larger.subscribe();
        next = burst(larger, next);
        old.close();
        assertThat(depth("orders-1")).isEqualTo(10);
        assertThat(drain(oldReceiver, events)).isEqualTo(Reason.BUS_CLOSED);
        oldReceiver.close();
        assertThat(depth("orders-1")).isZero();
        oldMetrics.close();
        drain(newReceiver, events);

        // The same traffic as before.
        for (int i = 0; i < 3; i++) {
            next = burst(larger, next);
            assertThat(depth("orders-2")).isEqualTo(BURST);
            drain(newReceiver, events);
            assertThat(depth("orders-2")).isZero();
        }
        assertThat(lost("orders-2")).isZero();
        assertThat(events).isEqualTo(IntStream.range(first, next).boxed().toList());
        assertThat(registry.find("ron.bus.capacity").gauges()).hasSize(1);
        newMetrics.close();
    }

    /** Takes what is there; the reason if the end was among it, else null. */
    private static Reason drain(Receiver<Integer> receiver, List<Integer> events) {
        Reason[] end = new Reason[1];
        receiver.drain(
                Integer.MAX_VALUE,
                received -> {
                    switch (received) {
                        case Message<Integer> message -> events.add(message.event());
                        case Lagged<Integer> lagged -> {}
                        case Closed<Integer> closed -> end[0] = closed.reason();
                    }
                });
        return end[0];
    }
}
