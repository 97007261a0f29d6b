package dev.rustyonions.bus.nats;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.Subscription;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What the bridge costs above the bare client, measured by turns in one process with a server of
 * its own. Publisher, receivers and server share the processors. Prints tables for documents.
 */
final class NatsFigures {
    private static final String SUBJECT = "figures.events";
    private static final String STREAM = "FIGURES";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WINDOW = 256;

    private final int rounds;
    private final NatsServer server;

    private NatsFigures(int rounds, NatsServer server) {
        this.rounds = rounds;
        this.server = server;
    }

    public static void main(String[] args) throws Exception {
        int rounds = 5;
        if (args.length == 1 && args[0].matches("--rounds=[1-9]\\d?")) {
            rounds = Integer.parseInt(args[0].substring(args[0].indexOf('=') + 1));
        } else if (args.length > 0) {
            System.err.println(
                    "usage: nats_figures.sh [--rounds=N]; got \"" + String.join(" ", args) + "\"");
            System.exit(2);
        }
        Path directory = Files.createTempDirectory("ron-bus-figures");
        String store = directory.resolve("store").toString();
        try (NatsServer server = NatsServer.start(directory, "-js", "-sd", store)) {
            new NatsFigures(rounds, server).run();
        }
        System.exit(0);
    }

    private void run() throws Exception {
        System.out.printf(
                "%s, %d processors, %d rounds%n%n",
                System.getProperty("java.vm.version"),
                Runtime.getRuntime().availableProcessors(),
                rounds);
        new Slice(1_000, 100, 1, 0).measure();
        rates();
        latencies();
        stream();
    }

    // ---- with the bare client, with a header besides, and with the bridge ----

    private static final int BARE = 0;
    private static final int HEADER = 1;
    private static final int BRIDGE = 2;
    private static final int BATCHES = 3;

    private static final String[] WAYS = {"bare", "with a header", "bridge", "bridge, batches"};

    /** Of how many events a message may consist, the fourth way. */
    private static final int BATCH = 100;

    /** As long as what an export says of itself. */
    private static final String NOTE =
            "v1 event 00000000-0000-0000-0000-000000000000.0000000000000000 1000000 1000";

    /** What one slice has shown. */
    private record Shown(double eventsPerSecond, double cpuMicros, long[] delays) {}

    /** So many events of a size to so many receivers, at a rate, or as fast as it goes. */
    private final class Slice {
        final int events;
        final int bytes;
        final int receivers;
        final long rate;

        Slice(int events, int bytes, int receivers, long rate) {
            this.events = events;
            this.bytes = bytes;
            this.receivers = receivers;
            this.rate = rate;
        }

        /** All ways by turns. */
        Shown[][] measure() throws Exception {
            Shown[][] shown = new Shown[WAYS.length][rounds];
            for (int round = -1; round < rounds; round++) {
                Shown[] one = {bare(false), bare(true), bridge(1), bridge(BATCH)};
                for (int way = 0; round >= 0 && way < one.length; way++) {
                    shown[way][round] = one[way]; // the first round is for the compilers
                }
            }
            return shown;
        }

        private Shown bare(boolean withHeader) throws Exception {
            List<Connection> connections = new ArrayList<>();
            List<Subscription> subscriptions = new ArrayList<>();
            for (int i = 0; i < receivers; i++) {
                Connection connection = connect(connections);
                Subscription subscription = connection.subscribe(SUBJECT);
                subscription.setPendingLimits(-1, -1);
                connection.flush(PATIENCE);
                subscriptions.add(subscription);
            }
            Connection near = connect(connections);
            List<Reader> readers = new ArrayList<>();
            for (Subscription subscription : subscriptions) {
                readers.add(
                        seen -> {
                            for (int i = 0; i < events; i++) {
                                var message = subscription.nextMessage(PATIENCE);
                                if (withHeader
                                        && !NOTE.equals(message.getHeaders().getFirst("Note"))) {
                                    throw new IllegalStateException("a message without its note");
                                }
                                seen.accept(stamp(message.getData()));
                            }
                        });
            }
            try {
                return run(
                        readers,
                        withHeader
                                ? payload ->
                                        near.publish(
                                                SUBJECT, new Headers().put("Note", NOTE), payload)
                                : payload -> near.publish(SUBJECT, payload));
            } finally {
                close(connections);
            }
        }

        private Shown bridge(int batch) throws Exception {
            List<Connection> connections = new ArrayList<>();
            List<NatsImport<byte[]>> imports = new ArrayList<>();
            List<Reader> readers = new ArrayList<>();
            try (Bus<byte[]> bus = Bus.create(1024)) {
                for (int i = 0; i < receivers; i++) {
                    AtomicReference<Receiver<Remote<byte[]>>> receiver = new AtomicReference<>();
                    imports.add(
                            NatsImport.<byte[]>builder(bytes -> bytes)
                                    .subject(SUBJECT)
                                    .connection(connect(connections))
                                    .pendingMessages(Integer.MAX_VALUE)
                                    .beforeFirst(b -> receiver.set(b.subscribe(o -> o.lossless())))
                                    .start());
                    readers.add(seen -> read(receiver.get(), events, seen));
                }
                NatsExport<byte[]> export =
                        NatsExport.builder(bus, (byte[] bytes) -> bytes)
                                .subject(SUBJECT)
                                .origin("figures")
                                .connection(connect(connections))
                                .batch(batch)
                                .lossless()
                                .start();
                try (export) {
                    return run(readers, bus::submit);
                }
            } finally {
                imports.forEach(NatsImport::close);
                close(connections);
            }
        }

        private Shown run(List<Reader> readers, Publisher publisher) throws Exception {
            long[][] delays = new long[readers.size()][events];
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < readers.size(); i++) {
                Reader reader = readers.get(i);
                long[] own = delays[i];
                int[] at = {0};
                threads.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            try {
                                                reader.read(
                                                        stamp ->
                                                                own[at[0]++] =
                                                                        System.nanoTime() - stamp);
                                            } catch (Exception e) {
                                                throw new IllegalStateException(e);
                                            }
                                        }));
            }
            long cpu = cpuNanos();
            long start = System.nanoTime();
            for (int i = 0; i < events; i++) {
                if (rate > 0) {
                    long due = start + i * (1_000_000_000 / rate);
                    while (System.nanoTime() - due < 0) {
                        Thread.onSpinWait();
                    }
                }
                byte[] payload = new byte[bytes];
                ByteBuffer.wrap(payload).putLong(0, System.nanoTime());
                publisher.publish(payload);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            long nanos = System.nanoTime() - start;
            return new Shown(
                    events * 1e9 / nanos,
                    (cpuNanos() - cpu) / 1e3 / events,
                    Arrays.stream(delays).flatMapToLong(Arrays::stream).sorted().toArray());
        }
    }

    private interface Reader {
        void read(LongConsumer seen) throws Exception;
    }

    private interface Publisher {
        void publish(byte[] payload) throws Exception;
    }

    private static void read(Receiver<Remote<byte[]>> receiver, int events, LongConsumer seen) {
        for (int i = 0; i < events; ) {
            switch (receiver.recv()) {
                case Message<Remote<byte[]>>(long sequence, Remote<byte[]> remote) -> {
                    if (remote instanceof Remote.Arrived<byte[]> arrived) {
                        seen.accept(stamp(arrived.event()));
                        i++;
                    } else {
                        throw new IllegalStateException(remote.toString());
                    }
                }
                case Lagged<Remote<byte[]>> lag -> throw new IllegalStateException("lagged");
                case Closed<Remote<byte[]>> end -> throw new IllegalStateException("closed");
            }
        }
    }

    private static long stamp(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong(0);
    }

    // ---- the tables ----

    private void rates() throws Exception {
        System.out.println(
                "| payload | receivers | bare, events/s | with a header, to bare |"
                        + " bridge, to bare | with batches, to bare |"
                        + " µs of processor an event: bare | with a header | bridge |"
                        + " with batches |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        rate(100_000, 100, 1);
        rate(100_000, 1_024, 1);
        rate(20_000, 8_192, 1);
        rate(3_000, 65_536, 1);
        rate(50_000, 100, 2);
        rate(50_000, 100, 4);
        rate(30_000, 100, 8);
        System.out.println();
    }

    private void rate(int events, int bytes, int receivers) throws Exception {
        Shown[][] shown = new Slice(events, bytes, receivers, 0).measure();
        System.out.printf(
                Locale.ROOT,
                "| %d B | %d | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                bytes,
                receivers,
                quartiles("%,.0f", Arrays.stream(shown[BARE]).mapToDouble(s -> s.eventsPerSecond)),
                ratio(shown[HEADER], shown[BARE]),
                ratio(shown[BRIDGE], shown[BARE]),
                ratio(shown[BATCHES], shown[BARE]),
                processor(shown[BARE]),
                processor(shown[HEADER]),
                processor(shown[BRIDGE]),
                processor(shown[BATCHES]));
    }

    /** Of the rates of the same rounds. */
    private static String ratio(Shown[] one, Shown[] other) {
        return quartiles(
                "%.2f",
                IntStream.range(0, one.length)
                        .mapToDouble(i -> one[i].eventsPerSecond / other[i].eventsPerSecond));
    }

    private static String processor(Shown[] shown) {
        return quartiles("%.1f", Arrays.stream(shown).mapToDouble(s -> s.cpuMicros));
    }

    private void latencies() throws Exception {
        System.out.println("| events/s | | p50, µs | p95, µs | p99, µs |");
        System.out.println("|---|---|---|---|---|");
        for (long rate : new long[] {1_000, 10_000}) {
            Shown[][] shown = new Slice((int) rate, 100, 1, rate).measure();
            for (int way = BARE; way < WAYS.length; way++) {
                Shown[] own = shown[way];
                System.out.printf(
                        "| %d | %s | %s | %s | %s |%n",
                        rate, WAYS[way], delay(own, 0.5), delay(own, 0.95), delay(own, 0.99));
            }
        }
        System.out.println();
    }

    private static String delay(Shown[] shown, double quantile) {
        return quartiles(
                "%,.0f",
                Arrays.stream(shown)
                        .mapToDouble(s -> s.delays[(int) (s.delays.length * quantile)] / 1e3));
    }

    private void stream() throws Exception {
        int events = 20_000;
        List<Connection> connections = new ArrayList<>();
        Connection near = connect(connections);
        near.jetStreamManagement()
                .addStream(StreamConfiguration.builder().name(STREAM).subjects("stream.*").build());
        double[] bare = new double[rounds];
        double[] bridge = new double[rounds];
        double[] batches = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            double one = bareStream(near, round, events);
            double other = bridgeStream(near, "run" + (round + 1), 1, events);
            double third = bridgeStream(near, "batches" + (round + 1), BATCH, 10 * events);
            if (round >= 0) {
                bare[round] = one;
                bridge[round] = other;
                batches[round] = third;
            }
        }
        System.out.println("| to a stream, 100 B | events/s |");
        System.out.println("|---|---|");
        System.out.println(
                "| bare, identified | " + quartiles("%,.0f", Arrays.stream(bare)) + " |");
        System.out.println("| bridge | " + quartiles("%,.0f", Arrays.stream(bridge)) + " |");
        System.out.println(
                "| bridge, batches | " + quartiles("%,.0f", Arrays.stream(batches)) + " |");
        resume(connections, 1);
        resume(connections, BATCH);
        close(connections);
    }

    /** As many under way as the export has. */
    private static double bareStream(Connection near, int round, int events) throws Exception {
        JetStream stream = near.jetStream();
        Deque<CompletableFuture<PublishAck>> underWay = new ArrayDeque<>();
        long start = System.nanoTime();
        for (int i = 0; i < events; i++) {
            if (underWay.size() == WINDOW) {
                underWay.removeFirst().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            Headers headers =
                    new Headers()
                            .put("Nats-Expected-Stream", STREAM)
                            .put("Nats-Msg-Id", "bare/" + round + "/" + i);
            underWay.addLast(stream.publishAsync("stream.bare", headers, new byte[100]));
        }
        for (CompletableFuture<PublishAck> confirmation : underWay) {
            confirmation.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        return events * 1e9 / (System.nanoTime() - start);
    }

    private static double bridgeStream(Connection near, String origin, int batch, int events)
            throws Exception {
        try (Bus<byte[]> bus = Bus.create(1024)) {
            NatsExport<byte[]> export =
                    NatsExport.builder(bus, (byte[] bytes) -> bytes)
                            .subject("stream")
                            .origin(origin)
                            .stream(STREAM)
                            .connection(near)
                            .batch(batch)
                            .closeTimeout(Duration.ofMinutes(5))
                            .lossless()
                            .start();
            long start = System.nanoTime();
            for (int i = 0; i < events; i++) {
                bus.submit(new byte[100]);
            }
            export.close();
            return events * 1e9 / (System.nanoTime() - start);
        }
    }

    /** From an import that goes on to its last event, over all that the stream has. */
    private void resume(List<Connection> connections, int batch) throws Exception {
        int events = 1_000_000;
        near(connections).jetStreamManagement().purgeStream(STREAM);
        bridgeStream(near(connections), "million", batch, events);
        AtomicReference<Receiver<Remote<byte[]>>> receiver = new AtomicReference<>();
        long start = System.nanoTime();
        try (NatsImport<byte[]> imported =
                NatsImport.<byte[]>builder(bytes -> bytes).subject("stream").stream(STREAM)
                        .connection(connect(connections))
                        .beforeFirst(bus -> receiver.set(bus.subscribe(o -> o.lossless())))
                        .start()) {
            read(receiver.get(), events, stamp -> {});
            System.out.printf(
                    Locale.ROOT,
                    "%nresumed over %,d events, %d in a message, in %.1f s,"
                            + " dropped by the client %d%n",
                    events,
                    batch,
                    (System.nanoTime() - start) / 1e9,
                    imported.stats().dropped());
        }
    }

    private static Connection near(List<Connection> connections) {
        return connections.getFirst();
    }

    /** The median, and the quartiles in brackets. */
    private static String quartiles(String format, DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return String.format(
                Locale.ROOT,
                format + " (" + format + " to " + format + ")",
                sorted[sorted.length / 2],
                sorted[sorted.length / 4],
                sorted[Math.min(sorted.length - 1, sorted.length * 3 / 4)]);
    }

    private Connection connect(List<Connection> connections) {
        Connection connection = server.connect();
        connections.add(connection);
        return connection;
    }

    private static void close(List<Connection> connections) throws InterruptedException {
        for (Connection connection : connections) {
            connection.close();
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
