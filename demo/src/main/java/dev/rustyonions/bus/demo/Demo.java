package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusBuilder;
import dev.rustyonions.bus.BusStats;
import dev.rustyonions.bus.Event;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One run of the demo: wires up sources, receivers and display, ends them in order, balances. */
public final class Demo {
    /** Longer than the sources need to publish once, however seldom the watched file is polled. */
    private static final Duration LAST_ROUND = Duration.ofSeconds(15);

    /**
     * After Ctrl-C the flight recorder ends by itself: what it still has comes at once or never.
     */
    private static final Duration LAST_ROUND_INTERRUPTED = Duration.ofSeconds(2);

    private static final Duration BETWEEN_PROVOCATIONS = Duration.ofMillis(100);
    private static final Duration BETWEEN_EDITS = Duration.ofSeconds(1);

    /** Slow enough to lose live events at the capacity that the bus chooses for few receivers. */
    private static final long SLOW_REST_MILLIS = 250;

    private final Arguments arguments;
    private final PrintStream out;
    private final Ending ending;
    private final Bus<Event> bus;
    private final CountDownLatch drain = new CountDownLatch(1);
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final Publishing publishing = new Publishing();
    private final List<CountingSender> senders = new ArrayList<>();

    private Demo(Arguments arguments, PrintStream out, Ending ending, Bus<Event> bus) {
        this.arguments = arguments;
        this.out = out;
        this.ending = ending;
        this.bus = bus;
    }

    public static void main(String[] args) {
        Arguments arguments;
        Bus<Event> bus;
        try {
            arguments = Arguments.parse(args);
            if (arguments.help()) {
                System.out.println(Arguments.USAGE);
                return;
            }
            bus = bus(arguments);
        } catch (Arguments.Refused | IllegalArgumentException e) {
            // The bus refuses what properties and environment say with a message for the user, too.
            System.err.println("demo: " + e.getMessage());
            System.exit(2);
            return;
        }
        Ending ending = new Ending();
        int status = 1;
        try (bus;
                MetricsPage page = metricsPage(arguments, bus)) {
            if (page != null) {
                System.out.println("metrics at " + page.address());
            }
            status = new Demo(arguments, System.out, ending, bus).run() ? 0 : 1;
        } catch (IOException | InterruptedException | RuntimeException e) {
            System.err.println("demo: ended without an account: " + e);
        } finally {
            ending.exit(status);
        }
    }

    private static @Nullable MetricsPage metricsPage(Arguments arguments, Bus<Event> bus)
            throws IOException {
        return arguments.metrics().isPresent()
                ? new MetricsPage(bus, arguments.metrics().getAsInt())
                : null;
    }

    private static Bus<Event> bus(Arguments arguments) {
        BusBuilder builder =
                Bus.builder()
                        .name("demo")
                        // The table shows what each receiver missed; the log's warnings of the same
                        // would go to the terminal, across the table.
                        .overflowWarnPerMinute(0);
        arguments
                .capacity()
                .ifPresentOrElse(builder::capacity, () -> builder.autotune(arguments.receivers()));
        return builder.build();
    }

    private boolean run() throws IOException, InterruptedException {
        // All receivers before the first event: each has to account for everything published.
        subscribe();
        JvmHealth health = new JvmHealth(sender(Kind.HEALTH));
        SupervisedWorker worker = new SupervisedWorker(sender(Kind.CRASH));
        WatchedConfig config = new WatchedConfig(sender(Kind.CONFIG));
        SyntheticLoad load = new SyntheticLoad(sender(Kind.LOAD), arguments.rate());
        // Not before the flight recorder is up, which cannot start in a JVM that is shutting down.
        ending.arm();
        try (health;
                config;
                worker) {
            // The page ends before the load, which may wait for a receiver that the page stalled.
            try (load;
                    WebPage page = webPage(load);
                    Display display = display(config, page)) {
                watch(display, config);
            }
            drain.countDown();
            lastRound(List.of(health, config, worker));
        }
        sender(Kind.SHUTDOWN).publish(new Event.Shutdown());
        bus.close();
        for (Subscriber subscriber : subscribers) {
            subscriber.join();
        }
        return report();
    }

    private @Nullable WebPage webPage(SyntheticLoad load) throws IOException {
        return arguments.web().isPresent()
                ? new WebPage(bus, subscribers, drain, publishing, load, arguments.web().getAsInt())
                : null;
    }

    private void subscribe() {
        for (int i = 0; i < arguments.receivers(); i++) {
            subscribers.add(
                    i == 0
                            ? new Subscriber(bus, "slow", SLOW_REST_MILLIS, drain)
                            : new Subscriber(bus, "fast-" + i, 0, drain));
        }
    }

    private CountingSender sender(Kind kind) {
        CountingSender sender = new CountingSender(bus.sender(), kind, publishing);
        senders.add(sender);
        return sender;
    }

    private Display display(WatchedConfig config, @Nullable WebPage page) {
        List<String> notes = new ArrayList<>();
        if (page != null) {
            notes.add("Look at " + page.address());
        }
        notes.add("Edit the watched file: echo mine=1 >> " + config.file());
        notes.add("Ctrl-C ends with the account.");
        // The script knows whether this is a terminal; a JVM of 22 and later does not tell.
        return Boolean.getBoolean("demo.terminal")
                ? new Display.Terminal(out, notes)
                : new Display.Lines(out, notes);
    }

    /** Shows what happens, and edits the file now and then, until time is up or Ctrl-C. */
    private void watch(Display display, WatchedConfig config) throws InterruptedException {
        long began = System.nanoTime();
        Duration length = Duration.ofSeconds(arguments.seconds());
        Duration edit = Duration.ZERO;
        while (true) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
            if (elapsed.compareTo(edit) >= 0) {
                config.provoke();
                edit = elapsed.plus(BETWEEN_EDITS);
            }
            display.show(elapsed, status(), rows());
            Duration left = length.minus(elapsed);
            if (left.isNegative() || left.isZero()) {
                return;
            }
            Duration period = display.period();
            if (ending.await(left.compareTo(period) < 0 ? left : period)) {
                return;
            }
        }
    }

    /**
     * Has each source publish once more for as long as a receiver has nothing of its kind: under a
     * load that overwrites everything a receiver may have lost all of it so far. The load is over
     * by now, so a round or two will do.
     */
    private void lastRound(List<Source> sources) throws InterruptedException {
        Duration length = ending.await(Duration.ZERO) ? LAST_ROUND_INTERRUPTED : LAST_ROUND;
        for (Source source : sources) {
            long deadline = System.nanoTime() + length.toNanos();
            Kind kind = source.sender().kind();
            while (lacks(kind) && System.nanoTime() < deadline) {
                source.provoke();
                Thread.sleep(BETWEEN_PROVOCATIONS);
            }
        }
    }

    private boolean lacks(Kind kind) {
        return subscribers.stream()
                .anyMatch(s -> !s.isVisitor() && s.ledger().delivered(kind) == 0);
    }

    private String status() {
        BusStats stats = bus.stats();
        return String.format(
                "of %d s  capacity %d  receivers %d  load %s  published %,d",
                arguments.seconds(),
                stats.capacity(),
                stats.receivers(),
                arguments.rateText(),
                stats.published());
    }

    private List<Table.Row> rows() {
        return rows(subscribers.stream().filter(s -> !s.hasEnded()));
    }

    private static List<Table.Row> rows(Stream<Subscriber> of) {
        return of.map(
                        s ->
                                new Table.Row(
                                        s.name(),
                                        s.ledger().delivered(),
                                        s.ledger().missed(),
                                        s.receiver().depth(),
                                        s.ledger().last()))
                .toList();
    }

    private boolean report() throws InterruptedException {
        Map<Kind, Long> accepted = new EnumMap<>(Kind.class);
        senders.forEach(sender -> accepted.merge(sender.kind(), sender.accepted(), Long::sum));
        Balance balance =
                new Balance(
                        accepted,
                        subscribers.stream()
                                .filter(s -> !s.isVisitor())
                                .map(s -> s.ledger().entry(s.name()))
                                .toList());
        // Those that came and went by the page have no account of everything, but one without gaps.
        List<String> faults =
                subscribers.stream()
                        .filter(s -> s.isVisitor() && s.ledger().fault() != null)
                        .map(s -> "receiver " + s.name() + ": " + s.ledger().fault())
                        .toList();
        out.println();
        Table.lines(rows(subscribers.stream())).forEach(out::println);
        out.println(
                "accepted: "
                        + accepted.entrySet().stream()
                                .map(e -> e.getKey().label() + ":" + e.getValue())
                                .collect(Collectors.joining(",")));
        balance.imbalances().forEach(out::println);
        faults.forEach(out::println);
        balance.absences().forEach(out::println);
        out.println(balance.line());
        return balance.holds(ending.await(Duration.ZERO)) && faults.isEmpty();
    }
}
