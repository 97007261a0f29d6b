package dev.rustyonions.bus.secrecy;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import jdk.jfr.Event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a bus say all it can: logs, exceptions, metrics, {@code toString} of everything, and Flight
 * Recorder events. Each payload has a text of its own that begins with {@link #marker()}.
 */
final class Telling {
    private static int payloads;

    private Telling() {}

    /** Put together at run time, so that no class file and no command line has it. */
    static String marker() {
        return String.join("-", "told", "payload", "");
    }

    private static String payload() {
        return marker() + payloads++;
    }

    /**
     * Where a payload could get out: one way into each channel that is swept, with a payload of its
     * own.
     */
    enum Leak {
        LOG {
            @Override
            void leak(List<Object> said) {
                System.getLogger("dev.rustyonions.bus")
                        .log(System.Logger.Level.TRACE, "planted: " + payload());
            }
        },
        METRIC {
            @Override
            void leak(List<Object> said) {
                PrometheusMeterRegistry registry =
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
                registry.counter("planted", "payload", payload());
                said.add(registry.scrape());
            }
        },
        EXCEPTION {
            @Override
            void leak(List<Object> said) {
                String payload = payload();
                said.add(
                        failure(
                                () -> {
                                    throw new IllegalStateException(payload);
                                }));
            }
        },
        TO_STRING {
            @Override
            void leak(List<Object> said) {
                said.add(Optional.of(payload()));
            }
        },
        FLIGHT {
            @Override
            void leak(List<Object> said) {
                Planted event = new Planted();
                event.payload = payload();
                event.commit();
            }
        };

        abstract void leak(List<Object> said);

        /** Put together where it leaks, too. */
        String payload() {
            return marker() + name();
        }
    }

    @SuppressWarnings("UnusedVariable") // the recorder reads it
    private static final class Planted extends Event {
        private String payload = "";
    }

    /** {@code discreet}, or {@code leaky}: lets a payload out by each {@link Leak}. */
    public static void main(String[] args) throws Exception {
        List<Object> said = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            for (boolean amnesia : new boolean[] {true, false}) {
                use(mode, amnesia, said);
            }
        }
        if (args[0].equals("leaky")) {
            for (Leak leak : Leak.values()) {
                leak.leak(said);
            }
        }
        said.forEach(System.out::println);
        System.out.println("payloads: " + payloads);
    }

    private static void use(Mode mode, boolean amnesia, List<Object> said) throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Bus<String> bus =
                Bus.builder()
                        .name("telling")
                        .mode(mode)
                        .capacity(4)
                        .burst(8)
                        .amnesia(amnesia)
                        .build();
        BusMetrics metrics = BusMetrics.builder(bus).histograms(1).build();
        metrics.bindTo(registry);

        Receiver<String> named = bus.subscribe(o -> o.name("named").oldest());
        Receiver<String> filtering =
                bus.subscribe(
                        o ->
                                o.filter(
                                        event -> {
                                            throw new IllegalStateException("a filter's own words");
                                        }));
        Receiver<String> waiting = bus.subscribe();
        Thread parked = Thread.ofVirtual().start(() -> waiting.consume(e -> {}, m -> {}));
        for (int i = 0; i < 20; i++) {
            bus.publish(payload());
        }
        Batch<String> batch = bus.batch();
        batch.add(payload());
        said.add(batch);
        batch.close();
        bus.publishMany(List.of(payload(), payload()));

        said.addAll(List.of(bus, bus.sender(), bus.stats(), bus.config(), named, filtering));
        for (int i = 0; i < 8; i++) {
            said.add(named.recvTimeout(Duration.ofMillis(1)));
            said.add(failure(() -> filtering.recvTimeout(Duration.ofMillis(1))));
        }
        said.add(failure(() -> bus.publish(null)));
        said.add(failure(() -> batch.add(payload())));
        said.add(failure(() -> bus.subscribe(o -> o.from(1_000_000))));
        said.add(failure(() -> named.drain(0, (Received<String> r) -> {})));
        said.add(registry.scrape());
        // The flight recorder, which was asked when the receiver waited, gets one message in 1024.
        for (int i = 0; i < 1100; i++) {
            bus.publish(payload());
            named.tryRecv();
        }
        failingConsumer(bus);
        lossByChoice(bus, said);
        bus.publish(payload());
        bus.close();
        said.add(bus.publish(payload()));
        named.drain(100, said::add);
        said.add(failure(() -> filtering.drain(100, said::add)));
        parked.join();
        said.addAll(List.of(bus, bus.stats(), named, registry.scrape()));
        metrics.close();
    }

    /** Has publishers wait, a patience come to its end, keys that are payloads, and an eviction. */
    private static void lossByChoice(Bus<String> bus, List<Object> said) {
        Duration patience = Duration.ofMillis(10); // the shortest wait that is recorded
        Receiver<String> impatient =
                bus.subscribe(o -> o.name("impatient").lossless(patience).conflateBy(e -> e));
        for (int i = 0; i <= bus.capacity(); i++) {
            said.add(bus.submit(payload()));
        }
        said.add(impatient.tryRecv());
        Receiver<String> self = bus.subscribe(o -> o.name("self").lossless().last(1));
        said.add(
                failure(
                        () ->
                                self.drain(
                                        1,
                                        message -> {
                                            for (int i = 0; i <= bus.capacity(); i++) {
                                                bus.submit(payload());
                                            }
                                        })));
        said.add(bus.offer(payload(), Duration.ofNanos(1)));
        said.add(bus.submitMany(List.of()));
        Batch<String> waiting = bus.waitingBatch();
        waiting.add(payload());
        said.add(waiting);
        said.addAll(List.of(bus.receivers(), bus.advice(), bus.stats(), self, impatient));
        said.add(bus.evict(self.id()));
        said.add(self.tryRecv());
        waiting.close();

        String sameKey = marker();
        try (Receiver<String> conflating = bus.subscribe(o -> o.oldest().conflateBy(e -> sameKey));
                Receiver<String> keyless =
                        bus.subscribe(
                                o ->
                                        o.oldest()
                                                .conflateBy(
                                                        event -> {
                                                            throw new IllegalStateException(
                                                                    "a key's own words");
                                                        }))) {
            conflating.drain(8, said::add);
            said.add(failure(() -> keyless.drain(8, said::add)));
            said.addAll(List.of(conflating, keyless, bus.receivers()));
        }
        impatient.close();
    }

    /** Consumes with a handler that quotes the event in what it throws. */
    private static void failingConsumer(Bus<String> bus) {
        try (Receiver<String> failing = bus.subscribe(o -> o.name("failing").last(1))) {
            failing.consume(
                    event -> {
                        throw new Quoting(event);
                    },
                    missed -> {});
        } catch (Quoting e) {
            // The handler's own; what the library tells of it is looked through.
        }
    }

    /**
     * Quotes an event, to those who ask: the recorder notes what the constructor of an exception is
     * given.
     */
    private static final class Quoting extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String event;

        Quoting(String event) {
            this.event = event;
        }

        @Override
        public String getMessage() {
            return event;
        }
    }

    private static Object failure(Runnable call) {
        try {
            call.run();
            return "no failure";
        } catch (RuntimeException e) {
            return e;
        }
    }
}
