package dev.rustyonions.bus.crowd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.HdrHistogram.Histogram;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Clients in a process of their own, all of them on one thread. Arguments: the port, the address to
 * come from, how many events there will be, how many clients read to the end, how many read until
 * they are told to reset, and how many never read. Reads commands from standard input, and answers
 * to standard output: {@code connected} with the time of the first and the last, once all are; to
 * {@code report} or after the end of all streams the {@link Report}.
 */
final class Clients implements EventStream.Listener {
    /** Connections whose answer has not come. More at once would not be accepted sooner. */
    private static final int MOST_OPENING = 128;

    /** A small buffer, so that the server notices soon that a client does not read. */
    private static final int RECEIVE_BUFFER_OF_DEAF = 4096;

    private enum Kind {
        READING,
        RESETTING,
        DEAF
    }

    private record Client(SocketChannel channel, Kind kind, EventStream stream) {}

    private final InetSocketAddress server;
    private final InetAddress from;
    private final int expected;
    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private final Histogram latency = Report.histogram();
    private final ConcurrentLinkedQueue<String> commands = new ConcurrentLinkedQueue<>();

    private final List<Kind> toOpen = new ArrayList<>();
    private int opening;
    private int reading;
    private long connectedAt;
    private long now;
    private long firstAt = Long.MAX_VALUE;
    private long lastAt = Long.MIN_VALUE;

    private Clients(String[] args) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        from = InetAddress.getByName(args[1]);
        expected = Integer.parseInt(args[2]);
        want(Kind.READING, args[3]);
        want(Kind.RESETTING, args[4]);
        want(Kind.DEAF, args[5]);
    }

    private void want(Kind kind, String many) {
        for (int i = Integer.parseInt(many); i > 0; i--) {
            toOpen.add(kind);
        }
    }

    public static void main(String[] args) throws IOException {
        new Clients(args).run();
    }

    private void run() throws IOException {
        Thread.ofVirtual().start(this::readCommands);
        long began = System.nanoTime();
        boolean connected = false;
        while (true) {
            while (opening < MOST_OPENING && !toOpen.isEmpty()) {
                open(toOpen.removeLast());
            }
            if (!connected && toOpen.isEmpty() && opening == 0) {
                connected = true;
                System.out.println("connected " + began + " " + connectedAt);
            }
            for (String command = commands.poll(); command != null; command = commands.poll()) {
                switch (command) {
                    case "reset" -> reset();
                    case "report" -> {
                        report();
                        return;
                    }
                    default -> throw new IllegalArgumentException(command);
                }
            }
            if (connected && reading == 0 && clients.stream().allMatch(c -> c.kind != Kind.DEAF)) {
                report();
                return;
            }
            selector.select(this::ready);
        }
    }

    private void readCommands() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                selector.wakeup();
            }
        } catch (IOException e) {
            // The process that asked is gone too.
        }
        commands.add("report");
        selector.wakeup();
    }

    private void open(Kind kind) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        if (kind == Kind.DEAF) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_OF_DEAF);
        }
        channel.bind(new InetSocketAddress(from, 0));
        channel.connect(server);
        Client client = new Client(channel, kind, new EventStream());
        clients.add(client);
        opening++;
        channel.register(selector, SelectionKey.OP_CONNECT, client);
    }

    private void ready(SelectionKey key) {
        Client client = (Client) key.attachment();
        try {
            if (key.isConnectable()) {
                connect(client, key);
            } else {
                read(client, key);
            }
        } catch (IOException e) {
            ended(client, key);
        }
    }

    private void connect(Client client, SelectionKey key) throws IOException {
        if (!client.channel.finishConnect()) {
            return;
        }
        String path = client.kind == Kind.DEAF ? "/events?long" : "/events";
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        client.channel.write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
        if (client.kind == Kind.DEAF) {
            key.interestOps(0);
            opened();
        } else {
            key.interestOps(SelectionKey.OP_READ);
            reading++;
        }
    }

    private void opened() {
        opening--;
        connectedAt = System.nanoTime();
    }

    private void read(Client client, SelectionKey key) throws IOException {
        buffer.clear();
        int read = client.channel.read(buffer);
        now = System.nanoTime();
        buffer.flip();
        boolean wasOpen = client.stream.isOpen();
        client.stream.take(buffer, this);
        if (!wasOpen && client.stream.isOpen()) {
            opened();
        }
        if (read < 0 || client.stream.hasEnded()) {
            ended(client, key);
        }
    }

    @Override
    public void event(long at) {
        latency.recordValue(Math.clamp(now - at, 1_000, latency.getHighestTrackableValue()));
        firstAt = Math.min(firstAt, now);
        lastAt = now;
    }

    private void ended(Client client, SelectionKey key) {
        key.cancel();
        reading--;
        close(client);
    }

    private static void close(Client client) {
        try {
            client.channel.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Breaks off connections so that the server's next write to them fails. */
    private void reset() throws IOException {
        for (Client client : clients) {
            if (client.kind == Kind.RESETTING && client.channel.isOpen()) {
                client.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                close(client);
                reading--;
            }
        }
    }

    private void report() {
        int stayed = 0;
        int complete = 0;
        long events = 0;
        long missed = 0;
        long gaps = 0;
        for (Client client : clients) {
            if (client.kind == Kind.READING) {
                EventStream got = client.stream;
                stayed++;
                events += got.events();
                missed += got.missed();
                gaps += got.gaps();
                if (got.events() == expected && got.gaps() == 0 && got.hasEnded()) {
                    complete++;
                }
            }
        }
        System.out.println(
                new Report(stayed, complete, events, missed, gaps, firstAt, lastAt, latency)
                        .line());
    }
}
