package dev.rustyonions.bus.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamConfiguration;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The demo of a cluster: a server, and three JVMs that publish live events to each other. The
 * server is killed and started again in between. Ends with the account of all pairs, and with
 * status 1 if one of them does not balance.
 */
final class ClusterDemo {
    private static final List<String> ORIGINS = List.of("one", "two", "three");

    private static final String STREAM = "READINGS";

    private final Path directory;
    private final PrintStream out;
    private final long phaseMillis;

    private final boolean isStream;

    ClusterDemo(Path directory, PrintStream out, long phaseMillis, boolean isStream) {
        this.directory = directory;
        this.out = out;
        this.phaseMillis = phaseMillis;
        this.isStream = isStream;
    }

    public static void main(String[] args) throws Exception {
        long phaseMillis = 2_000;
        boolean isStream = false;
        for (String argument : args) {
            if (argument.matches("--phase-millis=\\d{1,6}")) {
                phaseMillis = Long.parseLong(argument.substring(argument.indexOf('=') + 1));
            } else if (argument.equals("--jetstream")) {
                isStream = true;
            } else {
                System.err.println(
                        "usage: cluster_demo.sh [--jetstream] [--phase-millis=N]; got \""
                                + argument
                                + "\"");
                System.exit(2);
            }
        }
        Path directory = Files.createTempDirectory("ron-bus-cluster");
        boolean balances = new ClusterDemo(directory, System.out, phaseMillis, isStream).run();
        try (Stream<Path> left = Files.walk(directory)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        System.exit(balances ? 0 : 1);
    }

    /** Runs it; true if all accounts balance. */
    boolean run() throws IOException, InterruptedException {
        List<Process> peers = new ArrayList<>();
        try (NatsServer server = NatsServer.start(directory, serverArguments())) {
            if (isStream) {
                addStream(server);
            }
            out.println("nats-server at " + server.url());
            List<BufferedReader> outputs = new ArrayList<>();
            for (String origin : ORIGINS) {
                Process peer = Jvm.start(ClusterPeer.class, peerArguments(server, origin));
                peers.add(peer);
                outputs.add(
                        new BufferedReader(
                                new InputStreamReader(
                                        peer.getInputStream(), StandardCharsets.UTF_8)));
            }
            for (BufferedReader output : outputs) {
                output.readLine(); // ready
            }
            tell(peers);
            phase("three JVMs publish what happens in them to each other");
            server.kill();
            phase("the server is killed");
            server.start();
            tell(peers);
            for (BufferedReader output : outputs) {
                output.readLine(); // connected again
            }
            phase("the server is started again, and all are connected again");
            tell(peers);
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < peers.size(); i++) {
                outputs.get(i).lines().forEach(lines::add);
                peers.get(i).waitFor(30, TimeUnit.SECONDS);
            }
            return isBalanced(lines);
        } finally {
            peers.forEach(Process::destroyForcibly);
        }
    }

    private String[] serverArguments() {
        return isStream
                ? new String[] {"-js", "-sd", directory.resolve("store").toString()}
                : new String[0];
    }

    private static void addStream(NatsServer server) throws IOException {
        try {
            server.connect()
                    .jetStreamManagement()
                    .addStream(
                            StreamConfiguration.builder()
                                    .name(STREAM)
                                    .subjects(ClusterPeer.SUBJECT + ".*")
                                    .build());
        } catch (JetStreamApiException e) {
            throw new IOException(e);
        }
    }

    private String[] peerArguments(NatsServer server, String origin) {
        List<String> arguments = new ArrayList<>();
        arguments.add(server.url());
        arguments.add(origin);
        arguments.add(Integer.toString(ORIGINS.size()));
        if (isStream) {
            arguments.add(STREAM);
        }
        return arguments.toArray(String[]::new);
    }

    private void phase(String what) {
        out.println(what);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(phaseMillis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void tell(List<Process> peers) throws IOException {
        for (Process peer : peers) {
            peer.getOutputStream().write('\n');
            peer.getOutputStream().flush();
        }
    }

    private boolean isBalanced(List<String> lines) {
        Map<String, String[]> exports = new HashMap<>();
        List<String[]> imports = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(" ");
            switch (fields[0]) {
                case "export" -> exports.put(fields[1], fields);
                case "import" -> imports.add(fields);
                default -> out.println(line);
            }
        }
        boolean balanced =
                exports.size() == ORIGINS.size()
                        && imports.size() == ORIGINS.size() * (ORIGINS.size() - 1);
        for (String[] export : exports.values()) {
            balanced &= export[2].equals(export[3]);
            out.printf(
                    "%-5s          published %6s, numbered %6s, sent %6s, not sent: %s%n",
                    export[1], export[2], export[3], export[4], export[5]);
        }
        for (String[] imported : imports) {
            String[] export = exports.get(imported[2]);
            long told = Long.parseLong(imported[4]) + Long.parseLong(imported[5]);
            boolean pair = export != null && imported[3].equals("0") && export[3].equals("" + told);
            balanced &= pair;
            out.printf(
                    "%-5s -> %-5s  arrived %6s + lost %6s = %6d %s; lost: %s%n",
                    imported[2],
                    imported[1],
                    imported[4],
                    imported[5],
                    told,
                    pair ? "balanced" : "NOT BALANCED",
                    imported[6]);
        }
        out.println("balanced=" + (balanced ? "yes" : "no"));
        return balanced;
    }
}
