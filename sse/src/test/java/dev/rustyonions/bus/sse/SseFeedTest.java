package dev.rustyonions.bus.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Reason;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** A feed on the server of the JDK, with clients that read, leave, come back and do not read. */
@Timeout(120)
class SseFeedTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofHours(1);

    private final Bus<Object> bus = Bus.create(16);
    private final AtomicInteger encoded = new AtomicInteger();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeTheBusThenTheRest() throws Exception {
        bus.close();
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    private SseFeed.Builder<Object> feed() {
        return SseFeed.builder(
                        bus,
                        event -> {
                            encoded.incrementAndGet();
                            return event.toString();
                        })
                .heartbeat(NEVER)
                .writeTimeout(Client.PATIENCE);
    }

    private int serve(SseFeed<?> feed) {
        return open(new Server(new SseHttpHandler(feed))).port();
    }

    private Client client(int port) {
        Client client = open(new Client(port));
        assertThat(client.open()).contains("200");
        return client;
    }

    private void awaitNoReceivers() {
        await().atMost(Client.PATIENCE).until(() -> bus.stats().receivers() == 0);
    }

    private List<String> event(long sequence, String... data) {
        List<String> frame = new ArrayList<>(List.of("id: " + bus.id() + "/" + sequence));
        for (String line : data) {
            frame.add("data: " + line);
        }
        return frame;
    }

    @Test
    void eachClientIsSentEachEventInOrderWithItsTicketAndItIsEncodedOnce() {
        int port = serve(feed().build());
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(client(port));
        }
        bus.publish("a");
        bus.publish("b");
        for (Client client : clients) {
            assertThat(client.frame()).isEqualTo(event(0, "a"));
            assertThat(client.frame()).isEqualTo(event(1, "b"));
        }
        assertThat(encoded).hasValue(2);
    }

    @Test
    void anEventMayHaveSeveralLinesAndAName() {
        int port = serve(feed().eventName(event -> "note").build());
        Client client = client(port);
        bus.publish("a\nb\r\nc\rd\n");
        List<String> wanted = event(0, "a", "b", "c", "d", "");
        wanted.add(0, "event: note");
        assertThat(client.frame()).isEqualTo(wanted);
    }

    @Test
    void anIdleClientIsSentHeartbeatsAndABusyOneIsNot() {
        int port = serve(feed().heartbeat(SHORT).build());
        Client client = client(port);
        for (int i = 0; i < 2; i++) {
            assertThat(client.anyFrame()).containsExactly(": heartbeat", "id: " + bus.id() + "/-1");
        }
        bus.publish("a");
        assertThat(client.frame()).isEqualTo(event(0, "a"));
    }

    @Test
    void aClientThatHasLeftIsNoticedByItsHeartbeat() {
        SseFeed<Object> feed = feed().heartbeat(SHORT).build();
        int port = serve(feed);
        Client leaving = client(port);
        Client resetting = client(port);
        assertThat(bus.stats().receivers()).isEqualTo(2);
        assertThat(feed.clients()).isEqualTo(2);
        leaving.close();
        resetting.reset();
        awaitNoReceivers();
        await().atMost(Client.PATIENCE).until(() -> feed.clients() == 0);
    }

    @Test
    void aClientThatDoesNotReadIsCutOffAndTheOthersGoOn() {
        int port = serve(feed().writeTimeout(Duration.ofMillis(200)).build());
        client(port);
        Client reading = client(port);
        String large = "x".repeat(1 << 20);
        await().atMost(Client.PATIENCE)
                .until(
                        () -> {
                            bus.publish(large);
                            reading.frame();
                            return bus.stats().receivers() == 1;
                        });
        bus.publish("after");
        List<String> frame = reading.frame();
        while (!frame.contains("data: after")) {
            frame = reading.frame();
        }
        assertThat(bus.stats().receivers()).isOne();
    }

    @Test
    void aClientThatComesBackGoesOnWhereItStopped() {
        int port = serve(feed().build());
        try (Client client = client(port)) {
            bus.publish("a");
            assertThat(client.frame()).isEqualTo(event(0, "a"));
        }
        bus.publish("b");
        bus.publish("c");
        Client again = open(new Client(port, "/events", bus.id() + "/0"));
        again.open();
        assertThat(again.frame()).isEqualTo(event(1, "b"));
        assertThat(again.frame()).isEqualTo(event(2, "c"));
    }

    @Test
    void oneThatHasBeenSentNoEventYetGoesOnWhereItBegan() {
        int port = serve(feed().build());
        for (String before : List.of("", "a")) {
            if (!before.isEmpty()) {
                bus.publish(before);
            }
            Client first = client(port);
            first.reset();
            long begun = bus.stats().published();
            bus.publish("meanwhile");
            Client again = open(new Client(port, "/events", first.opened()));
            again.open();
            assertThat(again.frame()).isEqualTo(event(begun, "meanwhile"));
        }
    }

    @Test
    void whatTheFilterRefusesIsNotMissedByOneThatComesBackLate() {
        SseFeed<Object> feed = feed().heartbeat(SHORT).build();
        SseHttpHandler filtering =
                new SseHttpHandler(client -> feed.stream(o -> o.filter("own"::equals)));
        int port = open(new Server(filtering)).port();
        Client first = client(port);
        for (int i = 0; i < 40; i++) {
            bus.publish("another's");
        }
        String told = "id: " + bus.id() + "/39";
        List<String> heartbeat = first.anyFrame();
        for (int i = 0; i < 100 && !heartbeat.contains(told); i++) {
            heartbeat = first.anyFrame();
        }
        assertThat(heartbeat).contains(told);
        first.reset();
        bus.publish("own");
        Client again = open(new Client(port, "/events", told.substring("id: ".length())));
        again.open();
        assertThat(again.frame()).isEqualTo(event(40, "own"));
    }

    @Test
    void oneThatComesBackTooLateIsToldHowManyItMissed() {
        int port = serve(feed().build());
        for (int i = 0; i < 20; i++) {
            bus.publish(i);
        }
        Client late = open(new Client(port, "/events", bus.id() + "/0"));
        late.open();
        assertThat(late.frame())
                .containsExactly("event: missed", "id: " + bus.id() + "/3", "data: 3");
        assertThat(late.frame()).isEqualTo(event(4, "4"));
    }

    @Test
    void oneWithATicketOfNoKnownBusIsToldAndSentWhatThisBusHas() {
        int port = serve(feed().build());
        bus.publish("a");
        for (String ticket :
                List.of(
                        UUID.randomUUID() + "/7",
                        bus.id() + "/99",
                        bus.id() + "/999999999999999999999",
                        bus.id() + "/-2",
                        bus.id() + "/",
                        "7",
                        "x'); drop table",
                        "00000000-0000-0000-0000-000000000000/0")) {
            try (Client other = new Client(port, "/events", ticket)) {
                other.open();
                assertThat(other.frame())
                        .as(ticket)
                        .containsExactly("event: restarted", "id: " + bus.id() + "/-1", "data:");
                assertThat(other.frame()).as(ticket).isEqualTo(event(0, "a"));
            }
        }
    }

    @Test
    void aStreamHasOptionsOfItsOwn() {
        SseFeed<Object> feed = feed().build();
        SseHttpHandler byQuery =
                new SseHttpHandler(
                        client -> {
                            String wanted = client.getRequestURI().getQuery();
                            return feed.stream(o -> o.oldest().filter(wanted::equals));
                        });
        int port = open(new Server(byQuery)).port();
        bus.publish("a");
        bus.publish("b");
        Client client = open(new Client(port, "/events?b", ""));
        client.open();
        assertThat(client.frame()).isEqualTo(event(1, "b"));
        Client back = open(new Client(port, "/events?b", new UUID(1, 2) + "/0"));
        back.open();
        assertThat(back.frame())
                .containsExactly("event: restarted", "id: " + bus.id() + "/-1", "data:");
        assertThat(back.frame()).as("from the start of the options").isEqualTo(event(1, "b"));
    }

    @Test
    void theCloseOfTheBusEndsEachStreamAfterItsLastEvent() {
        int port = serve(feed().build());
        Client client = client(port);
        bus.publish("last");
        bus.close();
        assertThat(client.frame()).isEqualTo(event(0, "last"));
        assertThat(client.frame()).isEmpty();
        awaitNoReceivers();
    }

    @Test
    void theCloseOfTheFeedEndsEachStreamAndTheBusGoesOn() {
        SseFeed<Object> feed = feed().build();
        int port = serve(feed);
        Client client = client(port);
        feed.close();
        assertThat(client.frame()).isEmpty();
        awaitNoReceivers();
        Client late = open(new Client(port));
        assertThat(late.line()).contains("200");
        late.readUntil("");
        assertThat(late.frame()).isEmpty();
        assertThat(bus.isClosed()).isFalse();
    }

    @Test
    void anEventThatCannotBeEncodedIsToldAsMissedAndTheStreamGoesOn() {
        SseFeed<Object> feed =
                SseFeed.builder(
                                bus,
                                event -> {
                                    if (event.equals("secret")) {
                                        throw new IllegalStateException("cannot write secret");
                                    }
                                    if (event.equals("checked")) {
                                        throw SseFeedTest.<RuntimeException>unchecked(
                                                new IOException("of a language without them"));
                                    }
                                    return event.toString();
                                })
                        .eventName(event -> event.equals("broken") ? "a\nb" : "e")
                        .build();
        Logger log = Logger.getLogger("dev.rustyonions.bus.sse");
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        log.setUseParentHandlers(false);
        log.setFilter(
                line -> {
                    logged.add(line);
                    return false;
                });
        try {
            Client client = client(serve(feed));
            bus.publish("secret");
            bus.publish("broken");
            bus.publish("checked");
            bus.publish("fine");
            for (int i = 0; i < 3; i++) {
                assertThat(client.frame())
                        .containsExactly("event: missed", "id: " + bus.id() + "/" + i, "data: 1");
            }
            assertThat(client.frame()).contains("data: fine");
        } finally {
            log.setFilter(null);
            log.setUseParentHandlers(true);
        }
        assertThat(logged).as("one a minute").hasSize(1);
        assertThat(new SimpleFormatter().formatMessage(logged.get(0)))
                .isEqualTo(
                        "bus bus: message 0 could not be encoded and is sent to nobody:"
                                + " java.lang.IllegalStateException; 0 more since the last"
                                + " warning");
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable e) throws T {
        throw (T) e;
    }

    @Test
    void anotherMethodThanGetIsRefusedNamingWhatIsAllowed() throws Exception {
        int port = serve(feed().build());
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("POST /events HTTP/1.0\r\n\r\n".getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(answer).contains("405").containsIgnoringCase("Allow: GET");
        }
    }

    // ---- without a server ----

    @Test
    void serveSaysWhyItEnded() throws Exception {
        SseFeed<Object> feed = feed().build();
        ExecutorService threads = open(Executors.newVirtualThreadPerTaskExecutor());
        CountDownLatch flushed = new CountDownLatch(1);
        OutputStream body =
                new ByteArrayOutputStream() {
                    @Override
                    public void flush() {
                        flushed.countDown();
                    }
                };
        CompletableFuture<Reason> evicted =
                CompletableFuture.supplyAsync(() -> served(feed, body), threads);
        flushed.await();
        bus.evict(bus.receivers().get(0).id());
        assertThat(evicted.get()).isEqualTo(Reason.EVICTED);
        Thread.currentThread().interrupt();
        assertThat(feed.serve(new ByteArrayOutputStream(), null)).isEqualTo(Reason.INTERRUPTED);
        assertThat(Thread.interrupted()).as("the status is kept").isTrue();
        bus.close();
        assertThat(feed.serve(new ByteArrayOutputStream(), " ")).isEqualTo(Reason.BUS_CLOSED);
        feed.close();
        assertThat(feed.serve(body, null)).isEqualTo(Reason.RECEIVER_CLOSED);
    }

    private static Reason served(SseFeed<Object> feed, OutputStream body) {
        try {
            return feed.serve(body, null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Who closes the bus and waits until its receivers have ended may end the server next. */
    @Test
    void whatWasWrittenIsFlushedBeforeTheReceiverHasEnded() throws IOException {
        bus.publish("last");
        bus.close();
        Flushes body = new Flushes();
        feed().build().stream(o -> o.oldest()).serve(body, null);
        assertThat(body.toString()).contains("data: last");
        assertThat(body.receivers).as("opening, event").containsExactly(1, 1);
    }

    /** Notes how many receivers there are whenever it is flushed. */
    private final class Flushes extends ByteArrayOutputStream {
        final List<Integer> receivers = new ArrayList<>();

        @Override
        public void flush() {
            receivers.add(bus.stats().receivers());
        }
    }

    /** What is there may all be refused, and then the next receive finds the end of the bus. */
    @Test
    void whatWasWrittenIsFlushedBeforeTheReceiverHasEndedBehindWhatAFilterRefuses()
            throws IOException {
        bus.publish("last");
        bus.publish("refused");
        bus.close();
        Flushes body = new Flushes();
        feed().build().stream(o -> o.oldest().filter("last"::equals)).serve(body, null);
        assertThat(body.toString()).contains("data: last").doesNotContain("refused");
        assertThat(body.receivers).as("opening, event").containsExactly(1, 1);
    }

    @Test
    void whatWasEncodedIsLetGoWhenTheLastClientHasGoneAfterTheCloseOfTheBus() throws IOException {
        List<WeakReference<byte[]>> written = new ArrayList<>();
        SseFeed<Object> feed = feed().build();
        bus.publish("a");
        bus.close();
        OutputStream body =
                new OutputStream() {
                    @Override
                    public void write(int one) {}

                    @Override
                    public void write(byte[] frame) {
                        written.add(new WeakReference<>(frame));
                    }
                };
        feed.stream(o -> o.oldest()).serve(body, null);
        assertThat(written).as("the opening and the event").hasSize(2);
        await().atMost(Client.PATIENCE)
                .until(
                        () -> {
                            System.gc();
                            return written.stream().allMatch(frame -> frame.get() == null);
                        });
        assertThat(feed.clients()).isZero();
    }

    /** Before JDK 24, writes that are stuck pin carriers, of which there are few. */
    @Test
    void aWriteIsCutOffThoughNoCarrierIsFree() throws Exception {
        SseFeed<Object> feed = feed().writeTimeout(SHORT).build();
        int carriers = Runtime.getRuntime().availableProcessors();
        AtomicInteger taken = new AtomicInteger();
        AtomicBoolean isOver = new AtomicBoolean();
        for (int i = 0; i < carriers; i++) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                taken.incrementAndGet();
                                while (!isOver.get()) {
                                    Thread.onSpinWait();
                                }
                            });
        }
        try {
            await().atMost(Client.PATIENCE).until(() -> taken.get() == carriers);
            CompletableFuture<Throwable> ended =
                    CompletableFuture.supplyAsync(
                            () -> failureOf(() -> feed.serve(new Stuck(), null)),
                            task -> Thread.ofPlatform().daemon().start(task));
            assertThat(ended.get(Client.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(SocketTimeoutException.class);
        } finally {
            isOver.set(true);
        }
    }

    @Test
    void aClientThatCannotBeEndedKeepsTheWatchFromNoOther() throws Exception {
        WriteWatch watch = new WriteWatch(SHORT);
        List<CompletableFuture<Boolean>> writes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Boolean> write = new CompletableFuture<>();
            writes.add(write);
            Thread.ofVirtual()
                    .start(
                            () -> {
                                Write stuck =
                                        new Write(
                                                () -> {
                                                    throw new InternalError("for want of memory");
                                                });
                                watch.add(stuck);
                                stuck.begin();
                                awaitInterrupt();
                                write.complete(stuck.end());
                                watch.remove(stuck);
                            });
        }
        for (CompletableFuture<Boolean> write : writes) {
            assertThat(write.get(Client.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isFalse();
        }
    }

    /** A client that reads nothing, behind a stream that an interrupt ends. */
    private static final class Stuck extends ByteArrayOutputStream {
        @Override
        public void flush() throws IOException {
            awaitInterrupt();
            throw new IOException("interrupted");
        }
    }

    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable Throwable failureOf(Callable<?> task) {
        try {
            task.call();
            return null;
        } catch (Exception e) {
            return e;
        }
    }

    /** The thread belongs to the server, which gives it another task. */
    @Test
    void aWriteThatWasCutOffLeavesTheThreadWithoutAnInterruptAndIsToldAsTimedOut()
            throws Exception {
        SseFeed<Object> feed = feed().writeTimeout(SHORT).build();
        ExecutorService threads = open(Executors.newVirtualThreadPerTaskExecutor());
        OutputStream stuck = new Stuck();
        List<Boolean> interrupted = new ArrayList<>();
        CompletableFuture<Throwable> cutOff =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                feed.serve(stuck, null);
                                return null;
                            } catch (IOException e) {
                                interrupted.add(Thread.currentThread().isInterrupted());
                                return e;
                            }
                        },
                        threads);
        assertThat(cutOff.get()).isInstanceOf(SocketTimeoutException.class);
        assertThat(interrupted).containsExactly(false);
        assertThat(bus.stats().receivers()).isZero();
    }

    @Test
    void anErrorOfTheEncoderIsNotKeptFromAnyClient() throws Exception {
        SseFeed<Object> feed =
                SseFeed.builder(
                                bus,
                                event -> {
                                    throw new AssertionError("an error");
                                })
                        .build();
        ExecutorService threads = open(Executors.newVirtualThreadPerTaskExecutor());
        List<CompletableFuture<Reason>> served = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            served.add(
                    CompletableFuture.supplyAsync(
                            () -> served(feed, new ByteArrayOutputStream()), threads));
        }
        await().atMost(Client.PATIENCE).until(() -> bus.stats().receivers() == 2);
        bus.publish("a");
        for (CompletableFuture<Reason> each : served) {
            assertThatThrownBy(each::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(AssertionError.class);
        }
        assertThat(bus.stats().receivers()).isZero();
    }

    /** An encoder that blocks is interrupted with the thread of the client it encodes for. */
    @Test
    void anInterruptOfOneClientWhileItEncodesCostsNoOtherTheEvent() throws Exception {
        assertThat(isInterruptedByAFailureThatTheNextClientDoesNotSee(new InterruptedException()))
                .isTrue();
    }

    @Test
    void anErrorOfTheEncoderThatWasOfTheMomentIsNotKept() throws Exception {
        InternalError failure = new InternalError("for want of memory");
        assertThat(isInterruptedByAFailureThatTheNextClientDoesNotSee(failure)).isFalse();
    }

    private boolean isInterruptedByAFailureThatTheNextClientDoesNotSee(Throwable failure)
            throws IOException {
        AtomicInteger encoded = new AtomicInteger();
        SseFeed<Object> feed =
                SseFeed.builder(
                                bus,
                                event -> {
                                    if (encoded.getAndIncrement() == 0) {
                                        throw SseFeedTest.<RuntimeException>unchecked(failure);
                                    }
                                    return "a";
                                })
                        .build();
        bus.publish("a");
        bus.close();
        String before = bus.id() + "/-1";
        assertThatThrownBy(() -> feed.serve(new ByteArrayOutputStream(), before)).hasCause(failure);
        boolean interrupted = Thread.interrupted();
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        assertThat(feed.serve(second, before)).isEqualTo(Reason.BUS_CLOSED);
        assertThat(second.toString(UTF_8)).contains("data: a\n");
        return interrupted;
    }

    @ParameterizedTest
    @ValueSource(strings = {"missed", "restarted"})
    void anEventHasNoNameThatTheFeedItselfUses(String name) {
        int port = serve(feed().eventName(event -> name).build());
        Client client = client(port);
        bus.publish("a");
        assertThat(client.frame())
                .containsExactly("event: missed", "id: " + bus.id() + "/0", "data: 1");
    }

    @Test
    void timesThatAreNoneAreRefusedNamingThem() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
            assertThatThrownBy(() -> feed().heartbeat(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("heartbeat(" + none + "): allowed are durations of more than zero");
            assertThatThrownBy(() -> feed().writeTimeout(none))
                    .hasMessageContaining("writeTimeout(" + none + ")");
        }
        for (Duration none :
                List.of(
                        Duration.ZERO,
                        Duration.ofNanos(999_999),
                        Duration.ofDays(1).plusNanos(1),
                        Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> feed().retry(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("retry(" + none + "): allowed are 1 millisecond to 1 day");
        }
        assertThat(feed().writeTimeout(Duration.ofSeconds(Long.MAX_VALUE)).build().clients())
                .isZero();
    }
}
