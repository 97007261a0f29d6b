package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A NATS server of its own for a test, on loopback: can be killed, stopped in its tracks, and
 * started again, on the same port or on another. Where none is installed the test is skipped, and
 * fails if all tests are asked for.
 */
final class NatsServer implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Pattern PORT = Pattern.compile("nats://[0-9.]+:(\\d+)");

    private final Path directory;
    private final List<String> runner;
    private final String address;
    private final List<String> arguments;
    private final List<Connection> connections = new ArrayList<>();
    private int port = -1; // any
    private int otherPort;

    /** Bound to the other port, so that nobody else takes it; does not listen. */
    private Socket reserved = new Socket();

    private Process process;

    private NatsServer(
            Path directory, List<String> runner, String address, List<String> arguments) {
        this.directory = directory;
        this.runner = runner;
        this.address = address;
        this.arguments = arguments;
        start();
    }

    static NatsServer start(Path directory, String... arguments) {
        return start(directory, List.of(), "127.0.0.1", arguments);
    }

    /** Starts one by another program, at an address that only that one may have. */
    static NatsServer start(
            Path directory, List<String> runner, String address, String... arguments) {
        if (installed().isEmpty()) {
            String missing = "nats-server is not on the PATH; install Debian's package nats-server";
            if (System.getProperty("ron.tests", "quick").equals("full")) {
                fail(missing);
            }
            assumeTrue(false, missing);
        }
        return new NatsServer(directory, runner, address, List.of(arguments));
    }

    /** Waits for what comes soon, and fails if it does not come at all. */
    static ConditionFactory await() {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO);
    }

    /** Where the server is installed; Debian puts it where only root's path leads. */
    private static Optional<Path> installed() {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .map(folder -> Path.of(folder, "nats-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it again, on the port that it had. */
    void start() {
        try {
            Path ports = Files.createTempDirectory(directory, "ports");
            List<String> command = new ArrayList<>(runner);
            command.add(installed().orElseThrow().toString());
            command.addAll(List.of("-a", address, "-p", Integer.toString(port)));
            command.addAll(List.of("--ports_file_dir", ports.toString()));
            command.addAll(arguments);
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("server.log").toFile())
                            .start();
            // So that it does not outlive a test that is ended from outside.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            Path file = ports.resolve("nats-server_" + process.pid() + ".ports");
            await().until(() -> readPort(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sees to it that there is another port to go to. Options that are made from now on name both,
     * as they would name all servers of a cluster.
     */
    void reserveAnotherPort() {
        reserve(runner.isEmpty() ? 0 : port + 1);
        otherPort = runner.isEmpty() ? reserved.getLocalPort() : port + 1;
    }

    /** Starts it again, on the other port. */
    void startOnTheOtherPort() {
        int left = port;
        port = otherPort;
        otherPort = left;
        closeReserved();
        start();
        reserve(left);
    }

    private void reserve(int wanted) {
        if (runner.isEmpty()) {
            try {
                reserved = new Socket();
                reserved.setReuseAddress(true);
                reserved.bind(new InetSocketAddress(address, wanted));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void closeReserved() {
        try {
            reserved.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean readPort(Path file) throws IOException {
        if (!process.isAlive()) {
            fail(Files.readString(directory.resolve("server.log")));
        }
        Matcher found = PORT.matcher(Files.exists(file) ? Files.readString(file) : "");
        if (found.find()) {
            port = Integer.parseInt(found.group(1));
            return true;
        }
        return false;
    }

    String url() {
        return url(address);
    }

    /** The server at another of its addresses. */
    String url(String address) {
        return "nats://" + address + ":" + port;
    }

    /** Options that notice an outage soon, as a test wants them. */
    Options.Builder options() {
        return options(address);
    }

    Options.Builder options(String address) {
        List<String> urls = new ArrayList<>(List.of(url(address)));
        if (otherPort != 0) {
            urls.add("nats://" + address + ":" + otherPort);
        }
        return new Options.Builder()
                .servers(urls.toArray(String[]::new))
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(20))
                .reconnectJitter(Duration.ofMillis(1))
                .connectionTimeout(PATIENCE)
                .errorListener(new io.nats.client.ErrorListener() {});
    }

    /** A connection, which is closed with the server. */
    Connection connect() {
        return connect(options().build());
    }

    Connection connect(Options options) {
        try {
            Connection connection = Nats.connect(options);
            connections.add(connection);
            return connection;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it at once, as a crash would. */
    void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                fail("the server has not ended");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops it in its tracks: its connections stay, and nothing is read from them. */
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            int exit =
                    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (exit != 0) {
                fail("kill -" + signal + " has ended with " + exit);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill(); // first: a frozen one would be waited for
        closeReserved();
        try {
            for (Connection connection : connections) {
                connection.close();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
