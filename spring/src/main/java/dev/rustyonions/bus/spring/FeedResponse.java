package dev.rustyonions.bus.spring;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The response to a client of a feed: a body that a virtual thread of its own writes, and that the
 * server sends without blocking.
 */
final class FeedResponse extends OutputStream implements WriteListener, AsyncListener {

    /*
     * Why not write in the thread of the request. Where a client does not read, a blocking write
     * waits inside the server. It waits as long as the server's own timeout says, and that begins
     * anew with each byte that gets through. Tomcat swallows an interrupt there. So the feed could
     * not end a write that lasts too long, and clients would use up a pool of threads.
     *
     * Here the server only says when there is room. The thread waits for that in await(), where an
     * interrupt ends it. It waits after each flush too, so that what has been flushed has left the
     * server when flush returns.
     *
     * Who may touch the response. The server may take the response back, to use it for another
     * request, once it has told of an error or of the end. So each use is under the lock, and so is
     * what the server tells. None of these uses blocks.
     *
     * Who closes the connection. Tomcat counts the requests that are under way, and a graceful
     * shutdown waits until the count is 0. Where another thread closes the connection while one of
     * Tomcat's is handling an event of it, Tomcat forgets the request without counting it down. So
     * this asks for a timeout of the request. The server handles that in a thread of its own, after
     * what it is doing with that connection. The connection is closed there, in onTimeout. Tomcat
     * looks for timeouts once a second.
     */

    /** In milliseconds, of a request that is to time out at once. */
    private static final long AT_ONCE = 1;

    /** What fills the body; returns when there is nothing more to write. */
    @FunctionalInterface
    interface Source {
        void writeTo(OutputStream body) throws IOException;
    }

    private static final Log LOG = LogFactory.getLog(FeedResponse.class);

    private final AsyncContext request;
    private final ServletOutputStream out;
    private final Source source;
    private final @Nullable Runnable closeNow;
    private final Consumer<FeedResponse> onEnd;
    private final ReentrantLock lock = new ReentrantLock();

    /** Why the response can be used no more; under the lock. */
    private @Nullable IOException ended;

    private volatile @Nullable Thread writer;

    /**
     * Begins to respond: the thread of the source starts when the server allows the first write.
     *
     * @param request with asynchronous processing started
     * @param out the stream of the response, whose headers have been sent
     * @param source what fills the body
     * @param closeNow closes the connection at once, whatever has not been sent; to be called in a
     *     thread of the server that handles an event of the connection. Null where the server has
     *     no such call: then the response is completed in the usual way
     * @param onEnd is told when this has ended
     */
    FeedResponse(
            AsyncContext request,
            ServletOutputStream out,
            Source source,
            @Nullable Runnable closeNow,
            Consumer<FeedResponse> onEnd) {
        this.request = request;
        this.out = out;
        this.source = source;
        this.closeNow = closeNow;
        this.onEnd = onEnd;
    }

    void start() {
        request.addListener(this);
        out.setWriteListener(this);
    }

    // ---- the thread of the source ----

    private void run() {
        boolean sent = false;
        try {
            source.writeTo(this);
            sent = true;
        } catch (IOException gone) {
            // The client has left or does not read: neither is the application's failure.
        } catch (RuntimeException failure) {
            LOG.warn("a feed has failed, and one of its clients is cut off", failure);
        } finally {
            if (sent) {
                end(new IOException("the feed has ended"), request::complete);
            } else {
                abort(new IOException("the client has left, or a write to it took too long"));
            }
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        await(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        await(out::flush);
        await(() -> {});
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** Waits until the server has room, then does a step that does not block. */
    private void await(Step step) throws IOException {
        while (true) {
            lock.lock();
            try {
                if (ended != null) {
                    throw new IOException(ended.getMessage(), ended);
                }
                if (out.isReady()) {
                    step.run();
                    return;
                }
            } finally {
                lock.unlock();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the client does not read");
            }
            LockSupport.park(this);
        }
    }

    // ---- ends ----

    /** Ends the body at once, and has the connection closed, whatever has not been sent. */
    void abort(IOException why) {
        end(why, closeNow == null ? request::complete : () -> request.setTimeout(AT_ONCE));
    }

    private void end(IOException why, Runnable how) {
        lock.lock();
        try {
            if (ended != null) {
                return;
            }
            ended = why;
            how.run();
        } catch (IllegalStateException alreadyOver) {
            // The server ended it in the same moment, and has told or is about to tell.
        } finally {
            lock.unlock();
        }
        over();
    }

    private void over() {
        onEnd.accept(this);
        LockSupport.unpark(writer);
    }

    // ---- what the server tells ----

    @Override
    public void onWritePossible() {
        Thread started = writer;
        if (started == null) {
            writer = Thread.ofVirtual().name("ron-bus-feed").start(this::run);
        } else {
            LockSupport.unpark(started);
        }
    }

    @Override
    public void onError(Throwable failure) {
        end(new IOException("the connection has failed", failure), () -> {});
    }

    /** Completes the request: the server would ask for an error page otherwise. */
    @Override
    public void onError(AsyncEvent failed) {
        onError(failed.getThrowable());
        failed.getAsyncContext().complete();
    }

    @Override
    public void onComplete(AsyncEvent complete) {
        end(new IOException("the response is complete"), () -> {});
    }

    /** Closes the connection of one that was to be ended at once; no other has a timeout. */
    @Override
    public void onTimeout(AsyncEvent timedOut) {
        end(new IOException("the request has timed out"), () -> {});
        if (closeNow != null) {
            closeNow.run();
        }
        timedOut.getAsyncContext().complete();
    }

    @Override
    public void onStartAsync(AsyncEvent started) {}
}
