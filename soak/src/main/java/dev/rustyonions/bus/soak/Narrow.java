package dev.rustyonions.bus.soak;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Publishers that wait and receivers that lose nothing, where the window is as small as it may be:
 * ten publishers and six receivers at a capacity of two. So nearly every event makes a publisher
 * wait, and each of the wake-ups between the two sides has to come.
 *
 * <p>A publisher that gets no turn between two reports is a fault, and so is an event that a
 * receiver is not given, or is given out of its publisher's order.
 */
final class Narrow {
    private static final int CAPACITY = 2;
    private static final int PUBLISHERS = 10;
    private static final int RECEIVERS = 6;

    /** Between two reports. */
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(5);

    /** How long after the close the last thread may end. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Bus<Event> bus =
            Bus.builder().capacity(CAPACITY).overflowWarnPerMinute(0).build();
    private final Faults faults;
    private final PrintStream out;
    private final List<Submitter> submitters = new ArrayList<>();
    private final List<Follower> followers = new ArrayList<>();
    private volatile boolean over;

    Narrow(Faults faults, PrintStream out) {
        this.faults = faults;
        this.out = out;
    }

    /** Runs for so long, and for longer by what the last events need. */
    void run(Duration time) {
        List<Thread> receiving = new ArrayList<>();
        for (int i = 0; i < RECEIVERS; i++) {
            Follower follower = new Follower(i, bus.subscribe(SubscribeOptions::lossless));
            followers.add(follower);
            receiving.add(kind(i).start(follower));
        }
        List<Thread> publishing = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            Submitter submitter = new Submitter(i);
            submitters.add(submitter);
            publishing.add(kind(i).start(submitter));
        }

        watch(time);

        over = true;
        join(publishing, "publishers");
        bus.close();
        join(receiving, "receivers");
        long submitted = submitters.stream().mapToLong(each -> each.submitted).sum();
        followers.forEach(each -> each.compare(submitted));
        out.printf(
                Locale.ROOT,
                "%,d events submitted by %d publishers, each given to %d receivers; missed %,d%n",
                submitted,
                PUBLISHERS,
                RECEIVERS,
                bus.stats().missed());
    }

    /** Every other thread is a virtual one. */
    private static Thread.Builder kind(int number) {
        return number % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    }

    private void watch(Duration time) {
        long began = System.nanoTime();
        long elapsed = 0;
        long[] before = counts();
        while (elapsed < time.toNanos() && faults.count() == 0) {
            // From the report before, not from the beginning: the machine may have been suspended.
            long until = Math.min(elapsed + INTERVAL, time.toNanos());
            while (elapsed < until) {
                LockSupport.parkNanos(until - elapsed);
                elapsed = System.nanoTime() - began;
            }
            long[] now = counts();
            report(before, now, elapsed);
            before = now;
        }
    }

    private long[] counts() {
        return submitters.stream().mapToLong(each -> each.submitted).toArray();
    }

    private void report(long[] before, long[] now, long elapsed) {
        long[] turns = new long[now.length];
        for (int i = 0; i < now.length; i++) {
            turns[i] = now[i] - before[i];
            faults.check(
                    turns[i] > 0,
                    "publisher " + i + " has got no turn since it had submitted " + now[i]);
        }
        out.printf(
                Locale.ROOT,
                "%5d s  %,12d submitted  since the last report: %,d to %,d a publisher, longest"
                        + " wait %.1f ms%n",
                TimeUnit.NANOSECONDS.toSeconds(elapsed),
                LongStream.of(now).sum(),
                LongStream.of(turns).min().orElse(0),
                LongStream.of(turns).max().orElse(0),
                submitters.stream().mapToLong(Submitter::takeLongest).max().orElse(0) / 1e6);
    }

    private void join(List<Thread> threads, String which) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean ended = true;
        try {
            for (Thread thread : threads) {
                ended &= thread.join(Duration.ofNanos(deadline - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        faults.check(ended, which + " do not end");
    }

    private final class Submitter implements Runnable {
        private final int index;
        private volatile long submitted;

        /** Nanoseconds, since it was last asked for; a wait of that moment may be left out. */
        private volatile long longest;

        Submitter(int index) {
            this.index = index;
        }

        long takeLongest() {
            long taken = longest;
            longest = 0;
            return taken;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
        public void run() {
            long now = System.nanoTime();
            while (!over) {
                long result = bus.submit(new Event(index, submitted));
                if (result < 0) {
                    faults.found("publisher " + index + " was told " + result);
                    return;
                }
                submitted++;
                long after = System.nanoTime();
                if (after - now > longest) {
                    longest = after - now;
                }
                now = after;
            }
        }
    }

    private final class Follower implements Runnable {
        private final int index;
        private final Receiver<Event> receiver;
        private final long[] due = new long[PUBLISHERS];

        Follower(int index, Receiver<Event> receiver) {
            this.index = index;
            this.receiver = receiver;
        }

        @Override
        public void run() {
            while (receiver.recv() instanceof Message<Event>(long sequence, Event event)) {
                if (event.number() != due[event.publisher()]++) {
                    faults.found(
                            "receiver "
                                    + index
                                    + " was given "
                                    + event
                                    + " where number "
                                    + (due[event.publisher()] - 1)
                                    + " was due");
                    return;
                }
            }
        }

        /** Only once its thread has ended. */
        void compare(long submitted) {
            faults.check(
                    receiver.delivered() == submitted && receiver.missed() == 0,
                    "receiver "
                            + index
                            + " was given "
                            + receiver.delivered()
                            + " and missed "
                            + receiver.missed()
                            + " of "
                            + submitted);
        }
    }
}
