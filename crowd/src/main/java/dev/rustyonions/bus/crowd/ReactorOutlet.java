package dev.rustyonions.bus.crowd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;

import org.reactivestreams.Publisher;

import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import java.time.Duration;

/**
 * Reactor on Netty: a sink, which each client subscribes to with a buffer of the capacity. Each
 * event is encoded once, and flushed at once.
 */
final class ReactorOutlet implements Outlet {
    private record Frames(ByteBuf plain, ByteBuf longs) {}

    private final Sinks.Many<Frames> sink = Sinks.many().multicast().directBestEffort();
    private final int capacity;
    private final DisposableServer server;

    ReactorOutlet(int capacity) {
        this.capacity = capacity;
        server =
                HttpServer.create()
                        .bindAddress(Outlet::anyPort)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .route(routes -> routes.get("/events", this::connect))
                        .bindNow();
    }

    private Publisher<Void> connect(HttpServerRequest request, HttpServerResponse response) {
        boolean wantsLong = request.uri().endsWith("?long");
        Flux<ByteBuf> frames =
                sink.asFlux()
                        .onBackpressureBuffer(
                                capacity, dropped -> {}, BufferOverflowStrategy.DROP_OLDEST)
                        .map(frame -> (wantsLong ? frame.longs() : frame.plain()).duplicate())
                        .startWith(buffer(OPENING.getBytes(UTF_8)));
        return response.sse().send(frames, frame -> true);
    }

    /** The same bytes for any number of clients. */
    private static ByteBuf buffer(byte[] bytes) {
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes));
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void publish(Event event) {
        Frames frames =
                new Frames(
                        buffer(LoopOutlet.frame(event.toJson())),
                        buffer(LoopOutlet.frame(event.toLongJson())));
        Sinks.EmitResult result = sink.tryEmitNext(frames);
        if (result.isFailure()) {
            throw new IllegalStateException("event " + event.number() + ": " + result);
        }
    }

    @Override
    public int clients() {
        return sink.currentSubscriberCount();
    }

    @Override
    public void end() {
        var unused = sink.tryEmitComplete();
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }
}
