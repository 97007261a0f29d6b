package dev.rustyonions.bus.spring;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Many clients of a feed of numbers, in a JVM of their own. Does what the lines of its input say,
 * and answers each by a line: what went wrong, or "done".
 */
final class Crowd {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** So small that a client that does not read is noticed after little. */
    private static final int RECEIVE_BUFFER = 4096;

    /** So long a slow one rests after each line, in nanoseconds. */
    private static final long A_WHILE = TimeUnit.MILLISECONDS.toNanos(1);

    /** A connection that reads numbers, each the successor of the one before. */
    private static final class Client implements Runnable {
        private final Socket socket = new Socket();
        private final CountDownLatch accepted = new CountDownLatch(1);
        private volatile boolean reads = true;
        private volatile boolean slow;
        private volatile long last = -1;
        private volatile boolean complete;
        private volatile String wrong = "";

        Client(int port) throws IOException {
            socket.setReceiveBufferSize(RECEIVE_BUFFER);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream()
                    .write(
                            "GET /events HTTP/1.1\r\nHost: crowd\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void run() {
            try {
                InputStream in = new BufferedInputStream(socket.getInputStream(), RECEIVE_BUFFER);
                String status = Chunks.line(in);
                if (!status.startsWith("HTTP/1.1 200")) {
                    wrong = status;
                    return;
                }
                while (!Chunks.line(in).isEmpty()) {
                    // a header
                }
                accepted.countDown();
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(new Chunks(in), StandardCharsets.UTF_8));
                for (String line = lines.readLine();
                        line != null && reads;
                        line = lines.readLine()) {
                    read(line);
                    if (slow) {
                        LockSupport.parkNanos(A_WHILE);
                    }
                }
                complete = reads;
            } catch (IOException e) {
                if (reads) {
                    wrong = e.toString();
                }
            }
        }

        private void read(String line) {
            if (line.startsWith("data: ")) {
                long number = Long.parseLong(line.substring(6, line.indexOf(' ', 6)));
                if (last >= 0 && number != last + 1) {
                    wrong = number + " came after " + last;
                }
                last = number;
            } else if (line.contains("missed")) {
                wrong = line;
            }
        }
    }

    private final int port;
    private final Deque<Client> clients = new ArrayDeque<>();
    private final List<Client> deaf = new ArrayList<>();

    private Crowd(int port) {
        this.port = port;
    }

    public static void main(String[] arguments) throws Exception {
        Crowd crowd = new Crowd(Integer.parseInt(arguments[0]));
        BufferedReader orders =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ");
            System.out.println(crowd.obey(words[0], Integer.parseInt(words[1])));
        }
    }

    private String obey(String order, int number) throws Exception {
        switch (order) {
            case "connect" -> {
                for (int i = 0; i < number; i++) {
                    Client client = new Client(port);
                    clients.add(client);
                    Thread.startVirtualThread(client);
                }
                for (Client client : clients) {
                    if (!client.accepted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                        return "not accepted " + client.wrong;
                    }
                }
            }
            case "connect-deaf" -> {
                for (int i = 0; i < number; i++) {
                    deaf.add(new Client(port));
                }
            }
            case "got" -> {
                return until(client -> client.last == number);
            }
            case "reset" -> {
                for (int i = 0; i < number; i++) {
                    Client client = clients.remove();
                    client.reads = false;
                    client.socket.setSoLinger(true, 0);
                    client.socket.close();
                }
            }
            case "stop-reading" -> {
                for (int i = 0; i < number; i++) {
                    Client client = clients.remove();
                    client.reads = false;
                    deaf.add(client);
                }
            }
            case "slow" -> {
                clients.forEach(client -> client.slow = true);
            }
            case "close" -> {
                for (int i = 0; i < number; i++) {
                    Client client = clients.remove();
                    client.reads = false;
                    client.socket.close();
                }
            }
            case "complete" -> {
                return until(client -> client.complete);
            }
            default -> throw new IllegalArgumentException(order);
        }
        return "done";
    }

    /** Waits until something holds for each client that reads. */
    private String until(Predicate<Client> holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Client client : clients) {
            while (!holds.test(client)) {
                if (!client.wrong.isEmpty()) {
                    return client.wrong;
                }
                if (System.nanoTime() > deadline) {
                    return "still at " + client.last;
                }
                LockSupport.parkNanos(A_WHILE);
            }
            if (!client.wrong.isEmpty()) {
                return client.wrong;
            }
        }
        return "done";
    }
}
