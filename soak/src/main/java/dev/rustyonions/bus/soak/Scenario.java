package dev.rustyonions.bus.soak;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;

/** One bus with its publishers and its receivers of every behaviour. */
final class Scenario {
    /** Coming and going is to disturb the others, not to take all the processors. */
    private static final long BETWEEN_RECEIVERS = TimeUnit.MILLISECONDS.toNanos(5);

    /** How long after the close the last thread may end. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    /** For how long publishers wait for a receiver that was abandoned. */
    private static final Duration PATIENCE_WITH_ABANDONED = Duration.ofMillis(50);

    /** Begins the names of the threads, but for those of the main bus. */
    private final String name;

    private final Bus<Event> bus;
    private final Faults faults;

    /** Is told of the lags of steady receivers. */
    private final BiConsumer<Integer, Lagged<Event>> onLag;

    /** Whether publishers wait for lossless receivers, which half of them are then. */
    private final boolean waits;

    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Thread> publishing = new ArrayList<>();
    private final List<Thread> receiving = new ArrayList<>();
    private final List<Ledger> steady = new ArrayList<>();
    private final Queue<Abandoned> abandoned = new ConcurrentLinkedQueue<>();
    private final LongAdder receiversEver = new LongAdder();

    /** The least and the most that the receivers that have ended can have missed. */
    private final LongAdder missedAtLeast = new LongAdder();

    private final LongAdder missedAtMost = new LongAdder();
    private volatile boolean closing;

    /** What each publisher had accepted at the last {@link #checkTurns}. */
    private long[] acceptedBefore;

    /**
     * When the last thread has to have ended, by {@link System#nanoTime()}; written before
     * {@link #closing}.
     */
    private volatile long deadline;

    Scenario(
            String name,
            Bus<Event> bus,
            Faults faults,
            int publishers,
            long rate,
            boolean waits,
            BiConsumer<Integer, Lagged<Event>> onLag) {
        this.name = name;
        this.bus = bus;
        this.onLag = onLag;
        this.faults = faults;
        this.waits = waits;
        for (int i = 0; i < publishers; i++) {
            this.publishers.add(new Publisher(bus, i, rate / publishers, waits));
        }
        this.acceptedBefore = new long[publishers];
    }

    /** Whether the receiver of that number is on a platform thread. */
    static boolean onPlatformThread(int number) {
        return number % 4 == 3;
    }

    /** Starts {@code count} receivers, some of them on platform threads. */
    void start(Behaviour behaviour, int count) {
        for (int i = 0; i < count; i++) {
            Thread.Builder kind =
                    (onPlatformThread(i) ? Thread.ofPlatform().daemon() : Thread.ofVirtual())
                            .name(name + behaviour.name().toLowerCase(Locale.ROOT) + "-" + i);
            if (behaviour == Behaviour.STEADY) {
                AccountedReceiver receiver = new AccountedReceiver(behaviour, i);
                steady.add(receiver.ledger);
                receiving.add(kind.start(() -> guarded("receiver", receiver::behave)));
            } else {
                int number = i;
                receiving.add(
                        kind.start(() -> guarded("receiver", () -> comeAgain(behaviour, number))));
            }
        }
    }

    /** Starts the publishers. */
    void publish() {
        Thread.Builder kind = Thread.ofPlatform().daemon().name(name + "publisher-", 0);
        publishers.forEach(p -> publishing.add(kind.start(() -> guarded("publisher", p))));
    }

    private void guarded(String whose, Runnable body) {
        try {
            body.run();
        } catch (Throwable e) {
            faults.found("a " + whose + "'s thread ended by " + e);
        }
    }

    private void comeAgain(Behaviour behaviour, int number) {
        while (!closing) {
            new AccountedReceiver(behaviour, number).behave();
            LockSupport.parkNanos(BETWEEN_RECEIVERS);
        }
    }

    /** One receiver and its ledger. */
    private final class AccountedReceiver {
        private final Behaviour behaviour;
        private final int number;
        private final Receiver<Event> receiver;
        private final Ledger ledger;
        private boolean over;

        /** Whether its handler has thrown and the call has not ended by it. */
        private boolean thrown;

        AccountedReceiver(Behaviour behaviour, int number) {
            this.behaviour = behaviour;
            this.number = number;
            long[] before = acceptedOfEach();
            boolean lossless = waits && number % 2 == 0;
            boolean abandons = behaviour == Behaviour.ABANDONS;
            receiver = lossless ? subscribeLossless(abandons) : bus.subscribe();
            ledger =
                    new Ledger(
                            faults,
                            behaviour + " " + number,
                            lossless && !abandons,
                            before,
                            bus.stats().published());
            receiversEver.increment();
        }

        private Receiver<Event> subscribeLossless(boolean abandons) {
            return bus.subscribe(
                    options -> {
                        if (abandons) {
                            options.lossless(PATIENCE_WITH_ABANDONED);
                        } else {
                            options.lossless();
                        }
                    });
        }

        void behave() {
            Thread self = Thread.currentThread();
            ThreadLocalRandom random = ThreadLocalRandom.current();
            switch (behaviour) {
                case STEADY -> receive(Long.MAX_VALUE);
                case COMES_AND_GOES -> receive(random.nextLong(20_000));
                case STALLS -> {
                    receive(random.nextLong(20_000));
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextLong(150)));
                    receive(random.nextLong(20_000));
                }
                case THROWS -> {
                    for (int i = 0; i < 5 && !over; i++) {
                        receiveUntilItThrows();
                    }
                }
                case INTERRUPTED -> {
                    Thread.ofVirtual().start(self::interrupt);
                    receive(random.nextLong(20_000));
                }
                case CLOSED_BY_ANOTHER -> {
                    endBy(receiver::close);
                    return;
                }
                case EVICTED -> {
                    endBy(() -> bus.evict(receiver.id()));
                    return;
                }
                case ABANDONS -> {
                    receive(random.nextLong(2_000));
                    ledger.compare(receiver);
                    abandoned.add(new Abandoned(receiver, ledger, accepted()));
                    return;
                }
            }
            long accepted = accepted();
            receiver.close();
            leave(accepted, 0);
        }

        /** Receives until another thread has ended it. */
        private void endBy(Runnable act) {
            long accepted = accepted();
            Thread ender = Thread.ofVirtual().start(act);
            receive(Long.MAX_VALUE);
            awaitEnd(ender, "an end", System.nanoTime() + PATIENCE);
            // What it was taking counts as missed too if it was overwritten meanwhile.
            leave(accepted, 1);
        }

        /** Closed after so many had been accepted, while it was taking so many. */
        private void leave(long accepted, int taking) {
            ledger.compare(receiver);
            missedAtLeast.add(ledger.missedAtLeast(windowStart(accepted)));
            missedAtMost.add(ledger.missedAtMost(windowStart(bus.stats().published()) + taking));
        }

        /**
         * Lets a handler throw through the library: what it was given counts, and the receiver goes
         * on from there.
         */
        private void receiveUntilItThrows() {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            receive(1 + random.nextLong(5_000));
            if (over) {
                return;
            }
            IllegalStateException planted = new IllegalStateException("planted");
            try {
                if (random.nextBoolean()) {
                    drainUntil(planted);
                } else {
                    consumeUntil(planted);
                }
                checkNotThrown();
            } catch (IllegalStateException e) {
                if (!e.equals(planted)) {
                    throw e;
                }
                thrown = false;
            }
            ledger.compare(receiver);
        }

        private void drainUntil(IllegalStateException planted) {
            while (!over) {
                take(receiver.recv());
                receiver.drain(
                        64,
                        received -> {
                            take(received);
                            throwSometimes(planted);
                        });
            }
        }

        private void consumeUntil(IllegalStateException planted) {
            end(
                    receiver.consume(
                            event -> {
                                ledger.handle(event);
                                throwSometimes(planted);
                            },
                            missed -> {
                                ledger.lag(missed);
                                throwSometimes(planted);
                            }));
        }

        private void throwSometimes(IllegalStateException planted) {
            checkNotThrown();
            if (!over && ThreadLocalRandom.current().nextInt(16) == 0) {
                thrown = true;
                throw planted;
            }
        }

        private void checkNotThrown() {
            faults.check(!thrown, "what a handler threw did not come out of the call");
        }

        /** Receives so many messages, or until the end; now by one call, now by another. */
        private void receive(long messages) {
            long until = ledger.handled() + messages;
            for (int call = 0; !over && ledger.handled() < until; call++) {
                switch (call % 8) {
                    case 0 -> take(receiver.recvTimeout(Duration.ofNanos(200_000)));
                    case 1 -> take(receiver.tryRecv());
                    case 2 -> receiver.drain(64, this::take);
                    default -> take(receiver.recv());
                }
            }
        }

        private void take(Polled<Event> polled) {
            switch (polled) {
                case Message<Event> message -> ledger.handle(message);
                case Lagged<Event> lagged -> {
                    ledger.lag(lagged);
                    if (behaviour == Behaviour.STEADY) {
                        onLag.accept(number, lagged);
                    }
                }
                case Empty<Event> empty -> {}
                case Closed<Event> closed -> end(closed.reason());
            }
        }

        private void end(Reason reason) {
            switch (reason) {
                case INTERRUPTED -> {
                    boolean interrupted = Thread.interrupted();
                    faults.check(
                            interrupted && behaviour == Behaviour.INTERRUPTED,
                            behaviour + " was told of an interrupt that was not");
                }
                case RECEIVER_CLOSED -> {
                    over = true;
                    faults.check(
                            behaviour == Behaviour.CLOSED_BY_ANOTHER,
                            behaviour + " was closed by nobody");
                }
                case EVICTED -> {
                    over = true;
                    faults.check(
                            behaviour == Behaviour.EVICTED, behaviour + " was evicted by nobody");
                }
                case BUS_CLOSED -> {
                    over = true;
                    faults.check(closing, behaviour + " found its bus closed too early");
                    awaitPublishers();
                    ledger.compareAtEnd(acceptedOfEach());
                }
            }
        }
    }

    private void awaitPublishers() {
        for (Thread thread : publishing) {
            awaitEnd(thread, "a publisher", deadline);
        }
    }

    private void awaitEnd(Thread thread, String what, long until) {
        boolean interrupted = false;
        while (true) {
            try {
                faults.check(
                        thread.join(Duration.ofNanos(until - System.nanoTime())),
                        what + " does not come to an end");
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the bus under the publishers' hands and waits for everybody to notice. */
    void close() {
        deadline = System.nanoTime() + PATIENCE;
        closing = true;
        bus.close();
        publishers.forEach(Publisher::stop);
        awaitPublishers();
        receiving.forEach(thread -> awaitEnd(thread, "a receiver", deadline));
        long published = bus.stats().published();
        faults.check(
                published == accepted(),
                "the publishers had " + accepted() + " accepted, the bus counts " + published);
        settleAbandoned();
        abandoned.forEach(each -> settle(each, published));
        compareMissed();
    }

    /**
     * Compares what the bus says that all receivers ever made have missed with what they can have.
     */
    private void compareMissed() {
        long least = missedAtLeast.sum();
        // The total never decreases: one read while a receiver took a message that was overwritten
        // meanwhile counts that as missed for ever, one message for each that was receiving.
        long most = missedAtMost.sum() + receiving.size();
        long missed = bus.stats().missed();
        faults.check(
                missed >= least && missed <= most,
                "the bus counts "
                        + missed
                        + " missed, its "
                        + receiversEver()
                        + " receivers can have missed "
                        + least
                        + " to "
                        + most);
    }

    /**
     * Settles the ledgers of the abandoned receivers collected since the last call. The more often
     * it is called, by one thread, the more exactly is known how long they went on missing
     * messages.
     */
    void settleAbandoned() {
        long accepted = accepted();
        List<Abandoned> collected = new ArrayList<>();
        abandoned.removeIf(each -> each.isCollected(accepted) && collected.add(each));
        bus.stats(); // looks at every receiver and ends those collected
        long published = bus.stats().published();
        collected.forEach(each -> settle(each, published));
    }

    /**
     * The bus noticed before so many had been published. Whoever noticed may have been preempted
     * before it counted; what is published meanwhile is far below what the others are not known to
     * have missed.
     */
    private void settle(Abandoned each, long published) {
        Ledger ledger = each.ledger();
        missedAtLeast.add(ledger.missedAtLeast(windowStart(each.accepted())));
        missedAtMost.add(ledger.missedAtMost(windowStart(published)));
    }

    private long windowStart(long published) {
        return published - bus.capacity();
    }

    long accepted() {
        return LongStream.of(acceptedOfEach()).sum();
    }

    private long[] acceptedOfEach() {
        return publishers.stream().mapToLong(Publisher::accepted).toArray();
    }

    /**
     * Checks that each publisher has got a turn since the last call. To be called once publishing
     * has begun, with more time between two calls than a living receiver can hold a publisher up.
     */
    void checkTurns() {
        long[] accepted = acceptedOfEach();
        for (int i = 0; i < accepted.length; i++) {
            faults.check(
                    accepted[i] > acceptedBefore[i],
                    name
                            + "publisher "
                            + i
                            + " has got no turn since it had published "
                            + accepted[i]);
        }
        acceptedBefore = accepted;
    }

    int receivers() {
        return bus.stats().receivers();
    }

    long receiversEver() {
        return receiversEver.sum();
    }

    /** What the steady receivers handled and missed so far. */
    long steadyHandled() {
        return steady.stream().mapToLong(Ledger::handled).sum();
    }

    long steadyMissed() {
        return steady.stream().mapToLong(Ledger::missed).sum();
    }
}
