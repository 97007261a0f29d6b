package dev.rustyonions.bus.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.sse.SseFeed;
import dev.rustyonions.bus.sse.SseStream;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A live console for buses in the browser: what is published, who is behind, who loses what and
 * why, and what to do about it. It never shows a payload.
 *
 * {@snippet :
 * Console console = Console.serve(8080, orders, prices); // http://localhost:8080/
 * }
 *
 * <p>Each second it takes one reading of all buses and publishes it to a bus of its own. Each open
 * page is one thread and one receiver of that bus. Lags are told as they happen. A reading costs
 * what {@link Bus#receivers()} costs; publishers and receivers of the buses shown pay for being
 * observed and for nothing else.
 *
 * <p>Who may use it: without a token, browsers on this machine, by the names {@code localhost},
 * {@code 127.0.0.1} and {@code [::1]}. With {@link Builder#token} whoever has the token; only then
 * does it listen to other addresses. At most 100 pages may be open at a time.
 *
 * <p>The console keeps the buses that it shows from being collected, until they are removed or it
 * is closed. A bus that is closed stays on the page as closed until it is removed.
 *
 * <p>Threads: one virtual thread takes the readings, and each request has a thread of its own,
 * which is virtual from Java 24 on. {@link #close} ends them all.
 *
 * <p>Thread safety: all methods may be called from any thread. None blocks.
 */
public final class Console implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.rustyonions.bus.console");

    /** What is kept for pages: lags and lines of the panel of a second and more, and a reading. */
    private static final int WINDOW = 32;

    /** What follows faster is told together. */
    private static final long BETWEEN_LAGS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private final Bus<News> news;
    private final SseFeed<News> feed;
    private final SseStream<News> stream;
    private final @Nullable Panel panel;
    private final long intervalNanos;
    private final Exchanges exchanges;
    private final Site site;
    private final Thread reader;
    private final AtomicBoolean lagged = new AtomicBoolean();
    private volatile boolean readNow;
    private volatile boolean closed;
    private volatile @Nullable HttpServer server;

    private Console(Builder with) {
        news = Bus.builder().name("console").capacity(WINDOW).overflowWarnPerMinute(0).build();
        feed =
                SseFeed.builder(news, News::json)
                        .eventName(News::type)
                        .heartbeat(Duration.ofSeconds(5))
                        .build();
        // A page that is new gets the lags of late, and a reading, which they may have pushed out.
        stream =
                feed.stream(
                        o -> {
                            o.oldest().conflateBy(News::key);
                            readSoon();
                        });
        panel = with.panel;
        intervalNanos = with.interval.toNanos();
        exchanges = new Exchanges(with.requestLimit);
        site = new Site(this, new Access(with.token), exchanges);
        reader = Thread.ofVirtual().name("ron-bus-console-readings").unstarted(this::takeReadings);
        with.buses.forEach(this::add);
        if (panel != null) {
            panel.onNote(this::wake);
        }
        reader.start();
    }

    /**
     * Serves a console to this machine.
     *
     * @param port where to listen, 0 to 65535; 0 for any free port, which {@link #uri()} tells
     * @param buses what to show at first
     * @return the console, listening
     * @throws IOException if the port cannot be listened to
     * @throws IllegalArgumentException if {@code port} is out of range, or a property or variable
     *     of the library has a value that is not allowed
     * @throws NullPointerException if a bus is null
     */
    public static Console serve(int port, Bus<?>... buses) throws IOException {
        return builder().buses(buses).serve(port);
    }

    /**
     * Begins the configuration of a console.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Shows a bus too. Does nothing if it is shown already, or this console is closed.
     *
     * @param bus the bus, which the console neither publishes to nor closes
     * @throws NullPointerException if {@code bus} is null
     */
    public void add(Bus<?> bus) {
        Objects.requireNonNull(bus, "bus");
        Watched added = new Watched(bus, Duration.ofNanos(intervalNanos), this::wake);
        synchronized (watched) {
            if (!closed && watched.stream().noneMatch(w -> w.bus() == bus)) {
                watched.add(added);
                return;
            }
        }
        added.close();
    }

    /**
     * Shows a bus no longer.
     *
     * @param bus the bus
     * @return whether it was shown
     * @throws NullPointerException if {@code bus} is null
     */
    public boolean remove(Bus<?> bus) {
        Objects.requireNonNull(bus, "bus");
        synchronized (watched) {
            for (Watched each : watched) {
                if (each.bus() == bus) {
                    each.close();
                    return watched.remove(each);
                }
            }
        }
        return false;
    }

    /**
     * The console as a handler, to mount on a server that there is already, under any path. Its
     * server has to have an executor with a thread for each request, since each open page keeps
     * one, and limits the time of requests by its own means.
     *
     * @return the handler
     */
    public HttpHandler handler() {
        return site;
    }

    /**
     * Where the console listens.
     *
     * @return the address of the page
     * @throws IllegalStateException if it does not listen by itself, but is mounted by {@link
     *     #handler()}
     */
    public URI uri() {
        HttpServer serving = server;
        if (serving == null) {
            throw new IllegalStateException(
                    "this console does not listen: it was made by build(), not by serve(port)");
        }
        InetSocketAddress address = serving.getAddress();
        InetAddress host = address.getAddress();
        String name =
                host.isLoopbackAddress() || host.isAnyLocalAddress()
                        ? "localhost"
                        : host instanceof Inet6Address
                                ? "[" + host.getHostAddress() + "]"
                                : host.getHostAddress();
        return URI.create("http://" + name + ":" + address.getPort() + "/");
    }

    /** Ends the streams of all pages, the threads and the listening. Idempotent. */
    @Override
    public void close() {
        closed = true;
        news.close();
        feed.close();
        LockSupport.unpark(reader);
        HttpServer serving = server;
        if (serving != null) {
            serving.stop(0);
        }
        synchronized (watched) {
            watched.forEach(Watched::close);
            watched.clear();
        }
    }

    /** How many buses are shown and how many pages are open. */
    @Override
    public String toString() {
        return "Console[buses=" + watched.size() + ", pages=" + feed.clients() + "]";
    }

    // ---- readings ----

    private void wake() {
        // One unpark for all lags until the reader has looked.
        if (!lagged.get() && lagged.compareAndSet(false, true)) {
            LockSupport.unpark(reader);
        }
    }

    private void takeReadings() {
        long nextReading = System.nanoTime();
        long nextLags = nextReading;
        long nextEarly = nextReading;
        long nextLook = nextReading;
        while (!closed) {
            long now = System.nanoTime();
            if (lagged.get() && now - nextLags >= 0) {
                lagged.set(false);
                guarded(this::publishLags);
                nextLags = now + BETWEEN_LAGS;
            }
            if (now - nextReading >= 0) {
                readNow = false;
                guarded(() -> publishReading(true));
                nextReading = now + intervalNanos;
            } else if (readNow && now - nextEarly >= 0) {
                readNow = false;
                guarded(() -> publishReading(false));
                nextEarly = now + BETWEEN_LAGS;
            }
            if (now - nextLook >= 0) {
                guarded(exchanges::cutOff);
                nextLook = now + BETWEEN_LOOKS;
            }
            long until = Math.min(nextReading - now, nextLook - now);
            if (lagged.get()) {
                until = Math.min(until, nextLags - now);
            }
            if (readNow) {
                until = Math.min(until, nextEarly - now);
            }
            if (!closed) {
                LockSupport.parkNanos(this, Math.max(1, until));
            }
        }
    }

    /** Whatever a step meets, there is a next one. */
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            try {
                LOG.log(Level.WARNING, "a step of the console failed: " + e.getClass().getName());
            } catch (Throwable dropped) {
                // For want of memory, for instance; the next step may have it.
            }
        }
    }

    /**
     * Publishes a reading.
     *
     * @param due whether it is time for one; if not, someone has just changed something, and the
     *     time since the last one is too short for rates
     */
    private void publishReading(boolean due) {
        Moment now = Moment.now();
        boolean hasPages = feed.clients() > 0;
        List<BusReading> buses = new ArrayList<>();
        for (Watched each : watched) {
            buses.add(due ? each.read(now) : each.refresh(now));
            if (due) {
                each.sampleLatencies(hasPages);
            }
        }
        long interval = TimeUnit.NANOSECONDS.toMillis(intervalNanos);
        news.publish(new News.Reading(now.millis(), interval, due, buses, panel));
    }

    private void publishLags() {
        List<News.OfBus> lagging = new ArrayList<>();
        for (Watched each : watched) {
            List<LagBook.Lags> lags = each.takeLags();
            if (!lags.isEmpty()) {
                Bus<?> bus = each.bus();
                lagging.add(new News.OfBus(bus.id(), bus.config().name(), lags));
            }
        }
        if (!lagging.isEmpty()) {
            news.publish(new News.Lagging(lagging));
        }
        if (panel != null) {
            List<String> notes = panel.takeNotes();
            if (!notes.isEmpty()) {
                news.publish(new News.Notes(System.currentTimeMillis(), notes));
            }
        }
    }

    private void readSoon() {
        readNow = true;
        LockSupport.unpark(reader);
    }

    // ---- what the site asks for ----

    void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", SseFeed.CONTENT_TYPE);
        // A proxy that collects the answer first would hold readings back.
        exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
        exchange.sendResponseHeaders(200, 0); // of unknown length
        String lastEventId = exchange.getRequestHeaders().getFirst(SseFeed.LAST_EVENT_ID);
        var unused = stream.serve(exchange.getResponseBody(), lastEventId);
    }

    /** The last readings of each bus, in JSON. */
    String history() {
        Json json = new Json().begin('{');
        for (Watched each : watched) {
            json.name(each.bus().id().toString()).begin('[');
            for (Watched.Point point : each.history()) {
                json.begin('[');
                json.value(point.published()).value(point.lost()).value((long) point.depth());
                BusReading.Delays delays = point.delays();
                json.value(delays.lag()).value(delays.median()).value(delays.high());
                json.end(']');
            }
            json.end(']');
        }
        return json.end('}').toString();
    }

    boolean evict(UUID id, long receiver, InetSocketAddress by) {
        for (Watched each : watched) {
            Bus<?> bus = each.bus();
            if (bus.id().equals(id) && bus.evict(receiver)) {
                LOG.log(
                        Level.INFO,
                        "bus {0}: the receiver with id {1} was evicted through the console, from"
                                + " {2}",
                        bus.config().name(),
                        Long.toString(receiver),
                        by.getAddress().getHostAddress());
                readSoon();
                return true;
            }
        }
        return false;
    }

    boolean usePanel(int control, int value) {
        if (panel == null) {
            return false;
        }
        boolean used;
        try {
            used = panel.use(control, value);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "an action of the panel failed: " + e.getClass().getName());
            used = true;
        }
        readSoon();
        return used;
    }

    /** Requests under way, for tests. */
    int underWay() {
        return exchanges.underWay();
    }

    /** Sets up a console. Not thread-safe. */
    public static final class Builder {
        private final List<Bus<?>> buses = new ArrayList<>();
        private InetAddress address = InetAddress.getLoopbackAddress();
        private @Nullable String token;
        private Duration interval = Duration.ofSeconds(1);
        private Duration requestLimit = Duration.ofSeconds(10);
        private @Nullable Panel panel;

        private Builder() {}

        /**
         * Adds buses to show.
         *
         * @param shown the buses
         * @return this builder
         * @throws NullPointerException if one is null
         */
        public Builder buses(Bus<?>... shown) {
            for (Bus<?> bus : shown) {
                buses.add(Objects.requireNonNull(bus, "bus"));
            }
            return this;
        }

        /**
         * Listens at an address other than that of this machine alone. Needs a {@link #token}. What
         * is sent is not encrypted: a reverse proxy has to do that.
         *
         * @param address where to listen; of this machine alone unless set
         * @return this builder
         * @throws NullPointerException if {@code address} is null
         */
        public Builder address(InetAddress address) {
            this.address = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * Asks everybody for a token, who may then read and evict.
         *
         * @param token 16 characters or more, printable, of ASCII and without spaces; should be
         *     random
         * @return this builder
         * @throws IllegalArgumentException if it is shorter, or has other characters
         * @throws NullPointerException if {@code token} is null
         */
        public Builder token(String token) {
            if (!token.matches("[!-~]{" + Access.SHORTEST_TOKEN + ",}")) {
                throw new IllegalArgumentException(
                        "token(...): it has "
                                + token.length()
                                + " characters; allowed are "
                                + Access.SHORTEST_TOKEN
                                + " or more, printable, of ASCII, without spaces");
            }
            this.token = token;
            return this;
        }

        /**
         * Sets how often a reading is taken.
         *
         * @param interval 100 milliseconds to 1 hour; one second unless set
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         * @throws NullPointerException if {@code interval} is null
         */
        public Builder interval(Duration interval) {
            if (interval.compareTo(Duration.ofMillis(100)) < 0
                    || interval.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException(
                        "interval(" + interval + "): allowed are 100 milliseconds to 1 hour");
            }
            this.interval = interval;
            return this;
        }

        /**
         * Shows controls of the application's own.
         *
         * @param panel the controls, of one console only
         * @return this builder
         * @throws NullPointerException if {@code panel} is null
         */
        public Builder panel(Panel panel) {
            this.panel = Objects.requireNonNull(panel, "panel");
            return this;
        }

        /** How long a request may take; for tests, which cannot wait so long. */
        Builder requestLimit(Duration limit) {
            this.requestLimit = limit;
            return this;
        }

        /**
         * Makes a console that does not listen by itself, to be mounted by {@link
         * Console#handler()}.
         *
         * @return the console, which takes readings from now on
         * @throws IllegalArgumentException if a property or variable of the library has a value
         *     that is not allowed
         */
        public Console build() {
            return new Console(this);
        }

        /**
         * Makes a console that listens.
         *
         * @param port where, 0 to 65535; 0 for any free port, which {@link Console#uri()} tells
         * @return the console, listening
         * @throws IOException if the port cannot be listened to
         * @throws IllegalArgumentException if {@code port} is out of range, or a property or
         *     variable of the library has a value that is not allowed
         * @throws IllegalStateException if {@link #address} is not of this machine alone and there
         *     is no {@link #token}
         */
        public Console serve(int port) throws IOException {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException(
                        "serve(" + port + "): allowed are ports from 0 to 65535");
            }
            if (!address.isLoopbackAddress() && token == null) {
                throw new IllegalStateException(
                        "address("
                                + address.getHostAddress()
                                + ") can be reached from other machines: give the console a token"
                                + " by token(...), or leave the address out to serve this machine"
                                + " alone");
            }
            Console console = new Console(this); // first: it may be refused, and holds no port
            HttpServer server;
            try {
                server = HttpServer.create(new InetSocketAddress(address, port), 0);
            } catch (IOException | RuntimeException e) {
                console.close();
                throw e;
            }
            server.setExecutor(console.exchanges);
            server.createContext("/", console.site);
            console.server = server;
            server.start();
            return console;
        }
    }
}
