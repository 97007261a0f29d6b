package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.sse.SseFeed;
import dev.rustyonions.bus.sse.SseStream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;

import java.io.IOException;
import java.util.Objects;

/** Serves the feed or stream that a method of a controller returns to the client that asked. */
final class SseFeedReturnValueHandler implements HandlerMethodReturnValueHandler {
    /** A request's attribute that closes its connection at once; {@link CloseNowValve} sets it. */
    static final String CLOSE_NOW = "dev.rustyonions.bus.spring.close-now";

    private final FeedResponses responses;

    SseFeedReturnValueHandler(FeedResponses responses) {
        this.responses = responses;
    }

    @Override
    public boolean supportsReturnType(MethodParameter type) {
        Class<?> returned = type.getParameterType();
        return returned == SseFeed.class || returned == SseStream.class;
    }

    @Override
    public void handleReturnValue(
            @Nullable Object returned,
            MethodParameter type,
            ModelAndViewContainer container,
            NativeWebRequest web)
            throws IOException {
        SseStream<?> stream =
                switch (returned) {
                    case SseFeed<?> feed -> all(feed);
                    case SseStream<?> some -> some;
                    case null, default ->
                            throw new IllegalStateException(
                                    type.getExecutable()
                                            + " returned "
                                            + returned
                                            + "; allowed are SseFeed and SseStream");
                };
        container.setRequestHandled(true);
        HttpServletRequest request =
                Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
        HttpServletResponse response =
                Objects.requireNonNull(web.getNativeResponse(HttpServletResponse.class));
        response.setContentType(SseFeed.CONTENT_TYPE);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // nginx collects a response otherwise
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        if (!request.isAsyncSupported()) {
            throw new IllegalStateException(
                    "a feed needs asynchronous requests: register the filters and the servlet of "
                            + request.getRequestURI()
                            + " with asyncSupported=true");
        }
        response.flushBuffer();
        serve(stream, request, response);
    }

    private static <E> SseStream<E> all(SseFeed<E> feed) {
        return feed.stream(options -> {});
    }

    private void serve(
            SseStream<?> stream, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String lastEventId = request.getHeader(SseFeed.LAST_EVENT_ID);
        AsyncContext async = request.startAsync();
        async.setTimeout(0); // a feed has no end of its own
        Runnable closeNow =
                request.getAttribute(CLOSE_NOW) instanceof Runnable close ? close : null;
        FeedResponse served =
                new FeedResponse(
                        async,
                        response.getOutputStream(),
                        body -> stream.serve(body, lastEventId),
                        closeNow,
                        responses::remove);
        responses.add(served);
        try {
            served.start();
        } catch (RuntimeException e) {
            served.abort(new IOException("the response cannot be streamed", e));
            throw e;
        }
    }
}
