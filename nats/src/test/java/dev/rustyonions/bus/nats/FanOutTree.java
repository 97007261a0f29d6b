package dev.rustyonions.bus.nats;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.nats.OriginAccount.Decoded;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Events go down a tree of nodes, over links that are slow, stand still and lose at random. Each
 * node is a bus, each link reads it as a receiver of its own, and each node below keeps the account
 * of an import. Only the links and the time are simulated: the same seed gives the same output on
 * every machine.
 */
final class FanOutTree {
    /*
     * The numbers are those of the root. A node passes on what has arrived, under the number that
     * it came with, so what is missing at any node shows there as a gap of numbers, wherever it was
     * lost. The simulation counts by itself what each link drops and what its receiver lags behind
     * of, and at the end the accounts must agree with these counts at every node.
     */

    /** What the tree looks like, and how bad its links are. Times in microseconds. */
    record Shape(
            long seed,
            int fanOut,
            int levels,
            int events,
            int capacity,
            long interval,
            long sending,
            long delay,
            double dropped,
            double stalls,
            long stall) {
        /** A thousand leaves, a thousand events a second. */
        static Shape of(long seed) {
            return new Shape(seed, 10, 3, 1_000, 64, 1_000, 20, 2_000, 0.000_5, 0.000_1, 100_000);
        }
    }

    /** An event on its way. */
    private record Wire(long number, long publishedAt) {}

    /** Something that happens at a time. */
    private record Step(long at, long order, Runnable what) implements Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final Shape shape;
    private final Random chance;
    private final PriorityQueue<Step> steps = new PriorityQueue<>();
    private long now;
    private long order;

    private final List<List<Node>> levels = new ArrayList<>();

    FanOutTree(Shape shape) {
        this.shape = shape;
        this.chance = new Random(shape.seed);
        levels.add(List.of(new Node(null)));
        for (int level = 1; level <= shape.levels; level++) {
            List<Node> nodes = new ArrayList<>();
            for (Node parent : levels.get(level - 1)) {
                for (int i = 0; i < shape.fanOut; i++) {
                    Link link = new Link(parent);
                    Node node = new Node(link);
                    link.to = node;
                    parent.links.add(link);
                    nodes.add(node);
                }
            }
            levels.add(nodes);
        }
    }

    public static void main(String[] args) {
        long seed = 1;
        if (args.length == 1 && args[0].matches("--seed=\\d{1,18}")) {
            seed = Long.parseLong(args[0].substring(args[0].indexOf('=') + 1));
        } else if (args.length > 0) {
            System.err.println(
                    "usage: fan_out_tree.sh [--seed=N]; got \"" + String.join(" ", args) + "\"");
            System.exit(2);
        }
        System.exit(new FanOutTree(Shape.of(seed)).run(System.out) ? 0 : 1);
    }

    /** Runs it; true if the account of every node balances. */
    boolean run(PrintStream out) {
        Node root = levels.getFirst().getFirst();
        for (int i = 0; i < shape.events; i++) {
            long number = i;
            after(i * shape.interval, () -> root.receive(new Wire(number, now)));
        }
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            now = step.at;
            step.what.run();
        }
        // As heartbeats do, which are sent until one comes.
        for (List<Node> nodes : levels) {
            nodes.forEach(node -> node.hearTheEnd(shape.events));
        }
        return print(out);
    }

    private void after(long micros, Runnable what) {
        steps.add(new Step(now + micros, order++, what));
    }

    /** A process of the tree: what it has received is on its bus. */
    private final class Node {
        final Bus<Wire> bus =
                Bus.builder().capacity(shape.capacity).overflowWarnPerMinute(0).build();
        final List<Link> links = new ArrayList<>();
        final Link from; // null for the root
        final OriginAccount<Wire> account = OriginAccount.live("root", this::told, gap -> 0);
        final long[] delays = new long[shape.events];
        int arrived;
        long missed;

        Node(Link from) {
            this.from = from;
            // The baseline: it was there before the first event.
            take(Note.Kind.HEARTBEAT, 0, null);
        }

        void receive(Wire wire) {
            take(Note.Kind.EVENT, wire.number, wire);
        }

        void hearTheEnd(long next) {
            take(Note.Kind.FAREWELL, next, null);
        }

        private void take(Note.Kind kind, long number, Wire wire) {
            Note note = new Note(kind, "run", number, 1_000, new long[Cause.UNSENT.size()]);
            account.take(note, now, () -> new Decoded<>(wire));
        }

        private boolean told(Remote<Wire> remote) {
            switch (remote) {
                case Remote.Arrived<Wire> one -> {
                    delays[arrived++] = now - one.event().publishedAt;
                    bus.publish(one.event());
                    links.forEach(Link::wake);
                }
                case Remote.Lost<Wire> some -> missed += some.missed();
                case Remote.Restarted<Wire> again -> throw new AssertionError("one run only");
                case Remote.Silent<Wire> end -> {}
            }
            return true;
        }

        /**
         * Whether each number has arrived or is lost, and those that arrived are those of the node
         * above without what the link between has cost.
         */
        boolean isBalanced() {
            long expected = from == null ? shape.events : from.parent.arrived - from.cost();
            return arrived == expected
                    && arrived + missed == shape.events
                    && account.stats().arrived() == arrived
                    && account.stats().lostInAll() == missed;
        }
    }

    /** The way from a node to one below it: slow, and not to be relied on. */
    private final class Link {
        final Node parent;
        final Receiver<Wire> receiver;
        Node to;
        private boolean isBusy;
        private long lastArrival;
        private long dropped;
        private long lagged;

        Link(Node parent) {
            this.parent = parent;
            this.receiver = parent.bus.subscribe();
        }

        long cost() {
            return dropped + lagged;
        }

        void wake() {
            if (!isBusy) {
                isBusy = true;
                after(0, this::send);
            }
        }

        private void send() {
            switch (receiver.tryRecv()) {
                case Message<Wire> message -> {
                    pass(message.event());
                    boolean stalls = chance.nextDouble() < shape.stalls;
                    after(stalls ? shape.stall : shape.sending, this::send);
                }
                case Lagged<Wire> lag -> {
                    lagged += lag.missed();
                    after(0, this::send);
                }
                case Empty<Wire> nothing -> isBusy = false;
                case Closed<Wire> end -> throw new AssertionError("no bus is closed");
            }
        }

        private void pass(Wire wire) {
            if (chance.nextDouble() < shape.dropped) {
                dropped++;
                return;
            }
            // One connection keeps the order, so nothing overtakes what was sent before.
            long jitter = (long) (-StrictMath.log(1 - chance.nextDouble()) * shape.delay / 4);
            lastArrival = Math.max(lastArrival, now + shape.sending + shape.delay + jitter);
            after(lastArrival - now, () -> to.receive(wire));
        }
    }

    // ---- what came of it ----

    private boolean print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "seed %d, %d events, %d nodes, %d links%n",
                shape.seed,
                shape.events,
                levels.stream().mapToInt(List::size).sum(),
                levels.stream().skip(1).mapToInt(List::size).sum());
        out.println("level  nodes   arrived  dropped   lagged  p50 ms  p95 ms  p99 ms  max ms");
        boolean balanced = true;
        for (int level = 0; level < levels.size(); level++) {
            List<Node> nodes = levels.get(level);
            long arrived = nodes.stream().mapToLong(node -> node.arrived).sum();
            long[] delays =
                    nodes.stream()
                            .flatMapToLong(node -> Arrays.stream(node.delays, 0, node.arrived))
                            .sorted()
                            .toArray();
            out.printf(
                    Locale.ROOT,
                    "%5d  %5d  %7.3f%%  %7d  %7d  %s  %s  %s  %s%n",
                    level,
                    nodes.size(),
                    100.0 * arrived / ((long) nodes.size() * shape.events),
                    nodes.stream().mapToLong(n -> n.from == null ? 0 : n.from.dropped).sum(),
                    nodes.stream().mapToLong(n -> n.from == null ? 0 : n.from.lagged).sum(),
                    millis(delays, 0.5),
                    millis(delays, 0.95),
                    millis(delays, 0.99),
                    millis(delays, 1));
            balanced &= nodes.stream().allMatch(Node::isBalanced);
        }
        out.println("balanced=" + (balanced ? "yes" : "no"));
        return balanced;
    }

    private static String millis(long[] sorted, double quantile) {
        int index = (int) Math.min(sorted.length - 1, Math.round(quantile * sorted.length));
        return String.format(Locale.ROOT, "%6.1f", sorted[index] / 1_000.0);
    }
}
