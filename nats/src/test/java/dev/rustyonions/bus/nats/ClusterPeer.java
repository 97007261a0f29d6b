package dev.rustyonions.bus.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;

import io.nats.client.ErrorListener;
import io.nats.client.Options;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One process of the demo of a cluster: exports what happens in its own JVM, imports that of the
 * others, and prints its accounts at the end.
 *
 * <p>Arguments: server, origin, number of processes, and a stream if it is to use one. It is sent
 * a byte when all are there, one when
 * the server was started again, and one when it is to end.
 */
final class ClusterPeer {
    static final String SUBJECT = "demo.readings";

    private static final Duration OTHERS_END = Duration.ofSeconds(30);
    private static final long READING_NANOS = 1_000_000;

    /** So many events after an outage show that the connection is there again. */
    private static final long ENOUGH = 100;

    private ClusterPeer() {}

    /** Something that happens in a JVM. */
    private record Reading(String what, long value) {
        byte[] toBytes() {
            return (what + "=" + value).getBytes(UTF_8);
        }

        static Reading of(byte[] bytes) {
            String[] parts = new String(bytes, UTF_8).split("=", 2);
            return new Reading(parts[0], Long.parseLong(parts[1]));
        }
    }

    public static void main(String[] args) throws Exception {
        Options options = options(args[0]);
        String origin = args[1];
        Parent parent = new Parent();
        int others = Integer.parseInt(args[2]) - 1;
        NatsImport.Builder<Reading> importing =
                NatsImport.<Reading>builder(Reading::of)
                        .options(options)
                        .subject(SUBJECT)
                        .origin(origin);
        try (Bus<Reading> bus = Bus.create(256)) {
            NatsExport.Builder<Reading> exporting =
                    NatsExport.builder(bus, Reading::toBytes)
                            .options(options)
                            .subject(SUBJECT)
                            .origin(origin);
            if (args.length > 3) {
                importing.stream(args[3]);
                exporting.stream(args[3]);
            }
            try (NatsImport<Reading> imported = importing.start();
                    Follower follower = Follower.of(imported)) {
                run(parent, bus, exporting.start(), imported, follower, origin, others);
            }
        }
    }

    private static void run(
            Parent parent,
            Bus<Reading> bus,
            NatsExport<Reading> export,
            NatsImport<Reading> imported,
            Follower follower,
            String origin,
            int others) {
        System.out.println("ready");
        parent.await(); // until all imports are there
        long published = publishUntil(bus, parent::isHeard);
        // The server was started again.
        published += publishUntil(bus, () -> imported.stats().reconnects() > 0);
        long before = leastArrived(imported);
        published += publishUntil(bus, () -> leastArrived(imported) > before + ENOUGH);
        System.out.println("connected again");
        published += publishUntil(bus, parent::isHeard);
        export.close();
        awaitEndOf(others, imported, follower);
        print(origin, published, export.stats(), imported, follower);
    }

    private static Options options(String server) {
        return new Options.Builder()
                .server(server)
                .maxReconnects(-1)
                .connectionTimeout(OTHERS_END) // the machine may be busy starting the others
                .reconnectWait(Duration.ofMillis(100))
                .errorListener(new ErrorListener() {}) // an outage is no news here
                .build();
    }

    /** Of the origin of which the fewest events have arrived, how many. */
    private static long leastArrived(NatsImport<?> imported) {
        return imported.stats().origins().stream().mapToLong(OriginStats::arrived).min().orElse(0);
    }

    /** Takes readings of this JVM, one after the other, and publishes them; how many. */
    private static long publishUntil(Bus<Reading> bus, BooleanSupplier end) {
        long published = 0;
        while (!end.getAsBoolean()) {
            Runtime runtime = Runtime.getRuntime();
            bus.publish(new Reading("heap", runtime.totalMemory() - runtime.freeMemory()));
            bus.publish(new Reading("uptime", ManagementFactory.getRuntimeMXBean().getUptime()));
            published += 2;
            for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
                bus.publish(new Reading(gc.getName(), gc.getCollectionCount()));
                published++;
            }
            LockSupport.parkNanos(READING_NANOS);
        }
        return published;
    }

    private static void awaitEndOf(int others, NatsImport<?> imported, Follower follower) {
        long deadline = System.nanoTime() + OTHERS_END.toNanos();
        while (System.nanoTime() - deadline < 0
                && imported.stats().origins().stream()
                                .filter(stats -> follower.of(stats.origin()).closed)
                                .count()
                        < others) {
            LockSupport.parkNanos(READING_NANOS);
        }
    }

    /** One line for the export and one for each origin; the demo reads them. */
    private static void print(
            String origin,
            long published,
            ExportStats export,
            NatsImport<?> imported,
            Follower follower) {
        follower.check();
        System.out.println(
                String.join(
                        " ",
                        "export",
                        origin,
                        Long.toString(published),
                        Long.toString(export.numbered()),
                        Long.toString(export.sent()),
                        text(export.unsent())));
        for (OriginStats stats : imported.stats().origins()) {
            Follower.Seen seen = follower.of(stats.origin());
            System.out.println(
                    String.join(
                            " ",
                            "import",
                            origin,
                            stats.origin(),
                            Long.toString(seen.first),
                            Long.toString(seen.arrived),
                            Long.toString(seen.lostInAll()),
                            text(seen.lost)));
        }
    }

    private static String text(Map<Cause, Long> causes) {
        return causes.isEmpty() ? "-" : causes.toString().replaceAll("[{} ]", "");
    }
}
