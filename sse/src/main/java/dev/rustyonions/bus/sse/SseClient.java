package dev.rustyonions.bus.sse;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** One client of a feed: its receiver, and the stream to it. */
final class SseClient<E> implements AutoCloseable {
    private final Bus<E> bus;
    private final Receiver<E> receiver;
    private final Frames<E> frames;
    private final OutputStream body;
    private final WriteWatch watch;
    private final Write write;

    SseClient(
            Bus<E> bus,
            Receiver<E> receiver,
            Frames<E> frames,
            OutputStream body,
            WriteWatch watch) {
        this.bus = bus;
        this.receiver = receiver;
        this.frames = frames;
        this.body = body;
        this.watch = watch;
        this.write = new Write(this::end);
        try {
            watch.add(write);
        } catch (Throwable e) {
            close(); // who constructs this has nothing to close
            throw e;
        }
    }

    /** Serves the client until it has gone, or there is nothing more to come. */
    Reason run(Duration heartbeat, boolean returning) throws IOException {
        long next = receiver.position();
        boolean isRestarted = returning && !receiver.isResumed();
        write(isRestarted ? frames.restarted(next) : frames.opening(next));
        flush();
        boolean flushed = true;
        while (true) {
            // What has been written is flushed once nothing more is there. That is before the
            // receive that may find the end of the bus: who waits for that end counts this client
            // as done then. What is there may all be refused by a filter, so once the bus is closed
            // each receive may be that one. Only if the bus is closed during a receive in which a
            // filter refuses all the rest does the flush come after the end.
            if (!flushed && (receiver.depth() == 0 || bus.isClosed())) {
                flush();
                flushed = true;
            }
            Polled<E> polled = flushed ? receiver.recvTimeout(heartbeat) : receiver.tryRecv();
            switch (polled) {
                case Message<E> message -> {
                    write(encoded(message));
                    flushed = false;
                }
                case Lagged<E> lag -> {
                    write(frames.of(lag));
                    flushed = false;
                }
                case Empty<E> nothing -> {
                    if (flushed) {
                        write(frames.heartbeat(receiver.position()));
                    }
                    flush();
                    flushed = true;
                }
                case Closed<E> closed -> {
                    if (!flushed) {
                        flush();
                    }
                    return closed.reason();
                }
            }
        }
    }

    private byte[] encoded(Message<E> message) throws IOException {
        try {
            return frames.of(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while message was being encoded by another", e);
        }
    }

    private void write(byte[] frame) throws IOException {
        guarded(() -> body.write(frame));
    }

    private void flush() throws IOException {
        guarded(body::flush);
    }

    /** A write or flush. */
    private interface Writing {
        void run() throws IOException;
    }

    private void guarded(Writing writing) throws IOException {
        write.begin();
        IOException failure = null;
        try {
            writing.run();
        } catch (IOException e) {
            failure = e;
        } finally {
            if (!write.end()) {
                failure = new SocketTimeoutException("the client has not read for too long");
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Ends the subscription, which ends {@link #run} when it next receives. */
    void end() {
        receiver.close();
    }

    @Override
    public void close() {
        watch.remove(write);
        receiver.close();
    }
}
