package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * All kinds of trouble, as chance has it, and then every account must balance. Runs for {@code
 * ron.nats.soak.seconds}, with {@code ron.nats.soak.seed} if given; the seed is printed. The
 * network is cut where a network namespace may be made.
 */
class SoakTest {
    private static final int NEAR = 0;
    private static final int FAR = 1;

    /** In a run of at least so many seconds each kind has to come. */
    private static final long LONG = 60;

    /** What may go wrong. */
    private enum Trouble {
        KILLED,
        MOVED,
        FROZEN,
        CUT_NEAR,
        CUT_FAR,
        TOO_LARGE,
        NOT_ENCODABLE,
        UNDECODABLE,
        UNKNOWN,
        BURST,
        IMPORT_RESTARTED,
        EXPORT_RESTARTED,
        DELIVERED_AGAIN
    }

    @TempDir Path directory;

    private final Map<Trouble, Integer> counts = new EnumMap<>(Trouble.class);

    /** The last messages of each side, as a network might deliver them again. */
    private final Map<String, LinkedBlockingDeque<Message>> passed = new ConcurrentHashMap<>();

    private NatsServer server;
    private CutNetwork network;
    private Connection watcher;

    @Test
    void everyAccountBalancesAfterAnyMixtureOfTrouble() throws Exception {
        long seconds = Long.getLong("ron.nats.soak.seconds", 4);
        long seed = Long.getLong("ron.nats.soak.seed", System.nanoTime());
        System.out.println("soak of " + seconds + " s, -Dron.nats.soak.seed=" + seed);
        Random chance = new Random(seed);
        try (CutNetwork cut = CutNetwork.ifAllowed().orElse(null);
                NatsServer started = startServer(cut)) {
            network = cut;
            server = started;
            server.reserveAnotherPort();
            makeStream();
            watch();
            run(chance, seconds);
        }
        if (seconds >= LONG) {
            List<Trouble> expected = new ArrayList<>(List.of(Trouble.values()));
            if (network == null) {
                expected.removeAll(List.of(Trouble.CUT_NEAR, Trouble.CUT_FAR));
            }
            assertThat(counts.keySet()).containsAll(expected);
        }
    }

    private void run(Random chance, long seconds) throws Exception {
        List<SoakSide> sides = new ArrayList<>();
        try {
            sides.add(side("lossy", false, false));
            sides.add(side("lossless", true, false));
            sides.add(side("stream", false, true));
            sides.add(side("lossless-stream", true, true));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() - end < 0) {
                trouble(chance, sides.get(chance.nextInt(sides.size())));
                pass(chance.nextInt(100));
            }
            System.out.println(counts);
            for (SoakSide side : sides) {
                side.settle();
            }
            for (SoakSide side : sides) {
                System.out.println(side + ", complete runs " + side.balance());
            }
        } finally {
            sides.forEach(SoakSide::close);
        }
    }

    // ---- the trouble ----

    private void trouble(Random chance, SoakSide side) throws Exception {
        Trouble trouble = Trouble.values()[chance.nextInt(Trouble.values().length)];
        if (network == null && (trouble == Trouble.CUT_NEAR || trouble == Trouble.CUT_FAR)) {
            return;
        }
        counts.merge(trouble, 1, Integer::sum);
        switch (trouble) {
            case KILLED -> {
                server.kill();
                pass(chance.nextInt(200));
                server.start();
            }
            case MOVED -> {
                server.kill();
                pass(chance.nextInt(200));
                server.startOnTheOtherPort();
            }
            case FROZEN -> {
                server.freeze();
                // Now and then for longer than the clients take to notice.
                pass(chance.nextInt(4) == 0 ? 1_500 : chance.nextInt(300));
                server.thaw();
            }
            case CUT_NEAR -> cut(NEAR, chance);
            case CUT_FAR -> cut(FAR, chance);
            case TOO_LARGE -> side.trouble = SoakEvent.TOO_LARGE;
            case NOT_ENCODABLE -> side.trouble = SoakEvent.NOT_ENCODABLE;
            case UNDECODABLE -> side.trouble = SoakEvent.UNDECODABLE;
            case UNKNOWN -> side.trouble = SoakEvent.UNKNOWN;
            case BURST -> side.burst = true;
            case IMPORT_RESTARTED -> side.restartImport(chance.nextBoolean());
            case EXPORT_RESTARTED -> side.restartExport(chance.nextBoolean());
            case DELIVERED_AGAIN -> deliverAgain(side);
        }
    }

    private void cut(int link, Random chance) {
        network.cut(link);
        pass(chance.nextInt(4) == 0 ? 1_500 : chance.nextInt(300));
        network.mend(link);
    }

    /** Delivers what the run that is there now has sent a while ago, as if by a faulty server. */
    private void deliverAgain(SoakSide side) throws Exception {
        Queue<Message> messages = passed.getOrDefault(side.origin, new LinkedBlockingDeque<>());
        String epoch = side.epoch();
        for (int i = 0; i < 20; i++) {
            Message message = messages.poll();
            if (message != null
                    && watcher.getStatus() == Connection.Status.CONNECTED
                    && String.valueOf(message.getHeaders().getFirst(Note.HEADER)).contains(epoch)) {
                watcher.publish(message.getSubject(), message.getHeaders(), message.getData());
            }
        }
        // So that they come before the next run does; an answer may be lost with a connection.
        NatsServer.await()
                .ignoreExceptions()
                .until(
                        () -> {
                            watcher.flush(Duration.ofSeconds(1));
                            return true;
                        });
    }

    private void watch() {
        watcher = connect(NEAR);
        for (String subject : List.of(Texts.SUBJECT, SoakSide.STREAM_SUBJECT)) {
            watcher.createDispatcher(this::remember).subscribe(subject + ".*");
        }
    }

    private void remember(Message message) {
        String subject = message.getSubject();
        LinkedBlockingDeque<Message> last =
                passed.computeIfAbsent(
                        subject.substring(subject.lastIndexOf('.') + 1),
                        origin -> new LinkedBlockingDeque<>(1_000));
        while (!last.offerLast(message)) {
            last.pollFirst();
        }
    }

    /** Lets a random time pass; nothing is waited for. */
    private static void pass(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    // ---- what it runs on ----

    private NatsServer startServer(CutNetwork cut) throws Exception {
        Path config = Files.writeString(directory.resolve("server.conf"), "max_payload: 8192\n");
        String[] arguments = {
            "-c", config.toString(), "-js", "-sd", directory.resolve("store").toString()
        };
        return cut == null
                ? NatsServer.start(directory, arguments)
                : NatsServer.start(directory, cut.runner(), "0.0.0.0", arguments);
    }

    private Connection connect(int link) {
        String address = network == null ? "127.0.0.1" : network.server(link);
        Options options =
                server.options(address)
                        .ignoreDiscoveredServers()
                        // One that connects to a frozen server is to try again soon.
                        .connectionTimeout(Duration.ofSeconds(1))
                        .pingInterval(Duration.ofMillis(400))
                        .maxPingsOut(2)
                        .maxMessagesInOutgoingQueue(500)
                        .writeQueuePushTimeout(Duration.ofMillis(50))
                        .reconnectBufferSize(20_000)
                        .build();
        // On a busy machine the first attempt may take longer than its time.
        return NatsServer.await()
                .ignoreExceptions()
                .until(() -> server.connect(options), connection -> true);
    }

    private SoakSide side(String origin, boolean lossless, boolean isStream) throws Exception {
        return new SoakSide(origin, lossless, isStream, () -> connect(NEAR), () -> connect(FAR));
    }

    private void makeStream() throws Exception {
        connect(NEAR)
                .jetStreamManagement()
                .addStream(
                        StreamConfiguration.builder()
                                .name(SoakSide.STREAM)
                                .subjects(SoakSide.STREAM_SUBJECT + ".*")
                                .maxBytes(64 << 20)
                                // So short that what is sent again may be in it twice.
                                .duplicateWindow(Duration.ofMillis(100))
                                .build());
    }
}
