package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.peer.Feed;
import dev.rustyonions.bus.bench.peer.Ledger;
import dev.rustyonions.bus.bench.peer.Peer;
import dev.rustyonions.bus.bench.peer.Tick;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * The receivers of one run, each with a thread and a ledger of its own: virtual threads, or
 * platform threads if they spin.
 */
final class ReceiverThreads {
    private final Peer peer;
    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<FutureTask<?>> tasks = new ArrayList<>();

    ReceiverThreads(
            Peer peer, int receivers, int producers, boolean spin, List<Consumer<Tick>> onTick)
            throws InterruptedException {
        this.peer = peer;
        List<Feed> feeds = new ArrayList<>();
        for (int i = 0; i < receivers; i++) {
            feeds.add(peer.subscribe());
        }
        for (int i = 0; i < receivers; i++) {
            Ledger ledger = new Ledger(producers, onTick.get(i));
            Feed feed = feeds.get(i);
            FutureTask<?> task =
                    new FutureTask<>(
                            () -> {
                                feed.run(ledger);
                                return "";
                            });
            ledgers.add(ledger);
            tasks.add(task);
            if (spin) {
                Thread.ofPlatform().daemon().start(task);
            } else {
                Thread.ofVirtual().start(task);
            }
        }
        peer.awaitReady();
    }

    long delivered() {
        return ledgers.stream().mapToLong(Ledger::delivered).sum();
    }

    /**
     * Ends the stream and settles every account.
     *
     * @return the losses over all receivers
     * @throws IllegalStateException if a receiver left early or an account does not balance
     */
    long settle(long[] published) throws InterruptedException {
        peer.end();
        for (FutureTask<?> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a receiver failed", e.getCause());
            }
        }
        long missed = 0;
        long told = 0;
        for (Ledger ledger : ledgers) {
            missed += ledger.missed(published);
            told += ledger.told();
        }
        if (told > 0 && told != missed) {
            throw new IllegalStateException("told of " + told + " losses, saw " + missed);
        }
        long counted = peer.counted();
        if (counted >= 0 && counted != missed) {
            throw new IllegalStateException("counted " + counted + " losses, saw " + missed);
        }
        return missed;
    }
}
