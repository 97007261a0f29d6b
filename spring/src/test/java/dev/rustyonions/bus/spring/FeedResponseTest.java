package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Who touches a response, and how it ends, with a server that does what the test says. */
@Timeout(60)
class FeedResponseTest {
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final AsyncContext request =
            (AsyncContext)
                    Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {AsyncContext.class},
                            (proxy, method, arguments) -> {
                                log.add(method.getName());
                                return null;
                            });
    private volatile boolean ready = true;
    private volatile Runnable inWrite = () -> {};
    private volatile Runnable inFlush = () -> {};
    private final CountDownLatch ended = new CountDownLatch(1);

    private final ServletOutputStream out =
            new ServletOutputStream() {
                @Override
                public boolean isReady() {
                    return ready;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    log.add("listens");
                }

                @Override
                public void write(int b) {
                    inWrite.run();
                    log.add("write");
                }

                @Override
                public void flush() {
                    log.add("flush");
                    inFlush.run();
                }
            };

    private FeedResponse respond(FeedResponse.Source source) {
        FeedResponse response =
                new FeedResponse(
                        request,
                        out,
                        source,
                        () -> log.add("close now"),
                        over -> {
                            log.add("over");
                            ended.countDown();
                        });
        response.start();
        response.onWritePossible();
        return response;
    }

    @Test
    void aSourceThatHasNothingMoreToSayCompletesTheRequest() throws Exception {
        respond(
                body -> {
                    body.write(1);
                    body.flush();
                });
        ended.await();
        assertThat(log)
                .containsExactly("addListener", "listens", "write", "flush", "complete", "over");
    }

    @Test
    void aFlushReturnsWhenTheServerHasSentWhatWasFlushed() throws Exception {
        CompletableFuture<Thread> writer = new CompletableFuture<>();
        inFlush = () -> ready = false; // not all of it has left
        FeedResponse response =
                respond(
                        body -> {
                            writer.complete(Thread.currentThread());
                            body.write(1);
                            body.flush();
                            log.add("flushed");
                        });
        untilItWaits(writer.get());
        assertThat(log).endsWith("write", "flush");
        ready = true;
        response.onWritePossible();
        ended.await();
        assertThat(log).endsWith("flush", "flushed", "complete", "over");
    }

    @Test
    void anInterruptEndsTheWaitForAClientThatDoesNotReadAndItsConnection() throws Exception {
        CompletableFuture<Thread> writer = new CompletableFuture<>();
        ready = false;
        FeedResponse response =
                respond(
                        body -> {
                            writer.complete(Thread.currentThread());
                            body.write(1);
                        });
        untilItWaits(writer.get());
        writer.get().interrupt();
        ended.await();
        assertThat(log).containsExactly("addListener", "listens", "setTimeout", "over");
        // A thread of the server, which does nothing else with the connection meanwhile.
        response.onTimeout(new AsyncEvent(request));
        assertThat(log).endsWith("setTimeout", "over", "close now", "complete");
    }

    @Test
    void aSourceThatFailsEndsTheConnection() throws Exception {
        respond(
                body -> {
                    throw new IllegalStateException("planted");
                });
        ended.await();
        assertThat(log).containsExactly("addListener", "listens", "setTimeout", "over");
    }

    @Test
    void theServerThatTellsOfTheEndWaitsForAWriteAndThenNobodyTouchesTheResponse()
            throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> told = new CompletableFuture<>();
        CompletableFuture<IOException> refused = new CompletableFuture<>();
        inWrite =
                () -> {
                    inside.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                };
        FeedResponse response =
                respond(
                        body -> {
                            body.write(1);
                            try {
                                told.join();
                                body.write(2);
                            } catch (IOException e) {
                                refused.complete(e);
                                throw e;
                            }
                        });
        inside.await();
        Thread server =
                Thread.startVirtualThread(
                        () -> {
                            response.onComplete(new AsyncEvent(request));
                            told.complete(null);
                        });
        untilItWaits(server);
        goOn.countDown();
        server.join();
        assertThat(refused.get()).hasMessageContaining("complete");
        assertThat(log).containsExactly("addListener", "listens", "write", "over");
    }

    @Test
    void anErrorOfTheConnectionFreesTheSourceAndCompletesTheRequestWithoutAnErrorPage()
            throws Exception {
        CompletableFuture<Thread> writer = new CompletableFuture<>();
        CompletableFuture<IOException> refused = new CompletableFuture<>();
        ready = false;
        FeedResponse response =
                respond(
                        body -> {
                            writer.complete(Thread.currentThread());
                            try {
                                body.write(1);
                            } catch (IOException e) {
                                refused.complete(e);
                                throw e;
                            }
                        });
        untilItWaits(writer.get());
        response.onError(new AsyncEvent(request, new IOException("broken pipe")));
        assertThat(refused.get()).hasStackTraceContaining("broken pipe");
        assertThat(log).containsExactly("addListener", "listens", "over", "complete");
    }

    private static void untilItWaits(Thread thread) {
        await().atMost(SseClient.PATIENCE).until(() -> thread.getState() == Thread.State.WAITING);
    }
}
