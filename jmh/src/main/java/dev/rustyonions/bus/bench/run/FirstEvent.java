package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.stat.Interval;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What a JVM takes until the first event has arrived, and what the first bus costs, whose classes
 * have to be loaded: as the JDK comes, without its archive of classes, and with an archive or a
 * cache that a run of the same program has left. The ways are taken in turn, a new JVM each time.
 */
public final class FirstEvent {
    /** The first JDK in which one option makes the cache. */
    private static final int HAS_CACHE = 25;

    private static final int CREATIONS = 20_000;

    /** What the program prints when it has received its event; what that took is the next line. */
    private static final String RECEIVED = "received";

    private FirstEvent() {}

    /** What one JVM has said. */
    private record Shown(
            double startMillis, double first, double second, double warm, double event) {}

    /** Measures into the report. */
    public static void run(Report report, boolean full) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("ron-bus-first-event");
        try {
            Map<String, List<String>> ways = ways(directory);
            Map<String, List<Shown>> shown = new LinkedHashMap<>();
            for (int round = 0; round < (full ? 20 : 3); round++) {
                for (Map.Entry<String, List<String>> way : ways.entrySet()) {
                    shown.computeIfAbsent(way.getKey(), name -> new ArrayList<>())
                            .add(program(way.getValue()));
                }
            }
            shown.forEach((way, all) -> report.add(row(way, all)));
        } finally {
            delete(directory);
        }
    }

    private static Map<String, List<String>> ways(Path directory)
            throws IOException, InterruptedException {
        String archive = directory.resolve("classes.jsa").toString();
        String cache = directory.resolve("classes.aot").toString();
        Map<String, List<String>> ways = new LinkedHashMap<>();
        ways.put("as the JDK comes", List.of());
        ways.put("no archive of classes", List.of("-Xshare:off"));
        program(List.of("-XX:ArchiveClassesAtExit=" + archive));
        ways.put("an archive of its classes", List.of("-XX:SharedArchiveFile=" + archive));
        if (Runtime.version().feature() >= HAS_CACHE) {
            program(List.of("-XX:AOTCacheOutput=" + cache));
            ways.put("a cache of its classes, linked", List.of("-XX:AOTCache=" + cache));
        }
        return ways;
    }

    private static Row row(String way, List<Shown> all) {
        return Row.of("Until the first event of a JVM")
                .with("way", way)
                .with("JVM to first event, ms", median(all, Shown::startMillis))
                .with("first Bus.create(256), us", median(all, Shown::first))
                .with("second, us", median(all, Shown::second))
                .with("the " + CREATIONS + "th, us", median(all, Shown::warm))
                .with("first publish to received, us", median(all, Shown::event));
    }

    private static double median(List<Shown> all, ToDoubleFunction<Shown> figure) {
        return Interval.median(all.stream().mapToDouble(figure).toArray());
    }

    private static Shown program(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.add("-Xlog:disable");
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Program.class.getName());
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        double startMillis = Double.NaN;
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals(RECEIVED)) {
                    startMillis = (System.nanoTime() - begun) / 1e6;
                }
                lines.add(line);
            }
        }
        // A JVM that writes a cache has lines of its own to print behind those of the program.
        int received = lines.indexOf(RECEIVED);
        if (process.waitFor() != 0 || received < 0 || lines.size() < received + 2) {
            throw new IllegalStateException(command + ":\n" + String.join("\n", lines));
        }
        String[] nanos = lines.get(received + 1).split(" ", -1);
        return new Shown(
                startMillis,
                Long.parseLong(nanos[0]) / 1e3,
                Long.parseLong(nanos[1]) / 1e3,
                Double.parseDouble(nanos[2]) / 1e3,
                Long.parseLong(nanos[3]) / 1e3);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(
                            file -> {
                                try {
                                    Files.delete(file);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }
    }

    /** The program that is started: one event, and then what it took. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws InterruptedException {
            long begun = System.nanoTime();
            Bus<String> bus = Bus.create(256);
            long created = System.nanoTime();
            long[] received = new long[1];
            Receiver<String> rx = bus.subscribe();
            Thread receiver =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        if (rx.recv() instanceof Message<String>) {
                                            received[0] = System.nanoTime();
                                        }
                                    });
            long published = System.nanoTime();
            bus.publish("first");
            receiver.join();
            System.out.println(RECEIVED);
            long second = System.nanoTime();
            Bus.create(256);
            second = System.nanoTime() - second;
            System.out.println(
                    (created - begun)
                            + " "
                            + second
                            + " "
                            + warm()
                            + " "
                            + (received[0] - published));
        }

        /** Nanoseconds of the last of many, the median of a hundred. */
        private static double warm() {
            double[] last = new double[100];
            for (int i = 0; i < CREATIONS; i++) {
                long begun = System.nanoTime();
                Bus.create(256);
                last[i % last.length] = System.nanoTime() - begun;
            }
            return Interval.median(last);
        }
    }
}
