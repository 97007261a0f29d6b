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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** One bus with its publishers and its receivers of every habit. */
final class Town {
    /** Coming and going is to disturb the others, not to take all the processors. */
    private static final long BETWEEN_LIVES = TimeUnit.MILLISECONDS.toNanos(5);

    /** How long after the close the last thread may end. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Bus<Event> bus;
    private final Faults faults;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Thread> publishing = new ArrayList<>();
    private final List<Thread> receiving = new ArrayList<>();
    private final List<Account> steady = new ArrayList<>();
    private final LongAdder receiversEver = new LongAdder();
    private volatile boolean closing;

    /** When the last thread has to have ended, by {@link System#nanoTime()}; written before {@link #closing}. */
    private volatile long deadline;

    Town(Bus<Event> bus, Faults faults, int publishers, long rate) {
        this.bus = bus;
        this.faults = faults;
        for (int i = 0; i < publishers; i++) {
            this.publishers.add(new Publisher(bus, i, rate / publishers));
        }
    }

    /** Settles {@code count} receivers, every fourth of them on a platform thread. */
    void settle(Habit habit, int count) {
        for (int i = 0; i < count; i++) {
            Thread.Builder kind = i % 4 == 3 ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
            if (habit == Habit.STEADY) {
                Resident resident = new Resident(habit, i);
                steady.add(resident.account);
                receiving.add(kind.start(() -> guarded(resident::stay)));
            } else {
                int number = i;
                receiving.add(kind.start(() -> guarded(() -> live(habit, number))));
            }
        }
    }

    void open() {
        publishers.forEach(p -> publishing.add(Thread.ofPlatform().daemon().start(p)));
    }

    private void guarded(Runnable life) {
        try {
            life.run();
        } catch (Throwable e) {
            faults.found("a receiver's thread ended by " + e);
        }
    }

    private void live(Habit habit, int number) {
        while (!closing) {
            new Resident(habit, number).stay();
            LockSupport.parkNanos(BETWEEN_LIVES);
        }
    }

    /** One receiver and its account. */
    private final class Resident {
        private final Habit habit;
        private final Receiver<Event> receiver;
        private final Account account;
        private boolean over;

        Resident(Habit habit, int number) {
            this.habit = habit;
            long before = accepted();
            receiver = bus.subscribe();
            String who = habit + " " + number;
            account = new Account(faults, who, publishers.size(), before, bus.stats().published());
            receiversEver.increment();
        }

        void stay() {
            Thread self = Thread.currentThread();
            ThreadLocalRandom random = ThreadLocalRandom.current();
            switch (habit) {
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
                    Thread.ofVirtual().start(receiver::close);
                    receive(Long.MAX_VALUE);
                }
                case ABANDONS -> {
                    receive(random.nextLong(2_000));
                    return;
                }
            }
            account.compare(receiver);
            receiver.close();
        }

        private void receiveUntilItThrows() {
            try {
                receive(ThreadLocalRandom.current().nextLong(5_000));
                throw new IllegalStateException("planted");
            } catch (IllegalStateException e) {
                account.compare(receiver);
            }
        }

        /** Receives so many messages, or until the end; now by one call, now by another. */
        private void receive(long messages) {
            long until = account.handled() + messages;
            for (int call = 0; !over && account.handled() < until; call++) {
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
                case Message<Event> message -> account.handle(message);
                case Lagged<Event> lagged -> account.lag(lagged);
                case Empty<Event> empty -> {}
                case Closed<Event> closed -> end(closed.reason());
            }
        }

        private void end(Reason reason) {
            switch (reason) {
                case INTERRUPTED -> {
                    boolean interrupted = Thread.interrupted();
                    faults.check(
                            interrupted && habit == Habit.INTERRUPTED,
                            habit + " was told of an interrupt that was not");
                }
                case RECEIVER_CLOSED -> {
                    over = true;
                    faults.check(habit == Habit.CLOSED_BY_ANOTHER, habit + " was closed by nobody");
                }
                case BUS_CLOSED -> {
                    over = true;
                    faults.check(closing, habit + " found its bus closed too early");
                    awaitPublishers();
                    account.compareAtEnd(bus, accepted());
                }
            }
        }
    }

    private void awaitPublishers() {
        for (Thread thread : publishing) {
            awaitEnd(thread, "a publisher");
        }
    }

    private void awaitEnd(Thread thread, String what) {
        boolean interrupted = false;
        while (true) {
            try {
                faults.check(
                        thread.join(Duration.ofNanos(deadline - System.nanoTime())),
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
        receiving.forEach(thread -> awaitEnd(thread, "a receiver"));
        long handled = steady.stream().mapToLong(Account::missed).sum();
        faults.check(
                bus.stats().missed() >= handled,
                "receivers were told of more losses than the bus counts: "
                        + handled
                        + " and "
                        + bus.stats().missed());
    }

    long accepted() {
        return publishers.stream().mapToLong(Publisher::accepted).sum();
    }

    int receivers() {
        return bus.stats().receivers();
    }

    long receiversEver() {
        return receiversEver.sum();
    }

    /** What the steady receivers handled and missed so far. */
    long steadyHandled() {
        return steady.stream().mapToLong(Account::handled).sum();
    }

    long steadyMissed() {
        return steady.stream().mapToLong(Account::missed).sum();
    }
}
