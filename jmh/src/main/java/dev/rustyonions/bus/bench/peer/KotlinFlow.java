package dev.rustyonions.bus.bench.peer;

import kotlin.Unit;
import kotlin.coroutines.EmptyCoroutineContext;

import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.flow.MutableSharedFlow;
import kotlinx.coroutines.flow.SharedFlowKt;

import java.util.concurrent.locks.LockSupport;

/**
 * Kotlin's MutableSharedFlow with DROP_OLDEST, each collector in a runBlocking of its own. Losses
 * are silent.
 */
final class KotlinFlow implements Peer {
    private final MutableSharedFlow<Tick> flow;
    private int subscribed;

    KotlinFlow(int capacity) {
        flow = SharedFlowKt.MutableSharedFlow(0, capacity, BufferOverflow.DROP_OLDEST);
    }

    /** Leaves {@code collect}, which never returns by itself. */
    private static final class End extends RuntimeException {
        private static final long serialVersionUID = 1;

        End() {
            super(null, null, false, false);
        }
    }

    @Override
    public String whenFull() {
        return "drops the oldest, silently";
    }

    @Override
    public Feed subscribe() {
        subscribed++;
        return ledger -> {
            try {
                BuildersKt.runBlocking(
                        EmptyCoroutineContext.INSTANCE,
                        (scope, continuation) ->
                                flow.collect((tick, next) -> take(tick, ledger), continuation));
            } catch (End e) {
                ledger.end();
            }
        };
    }

    private static Unit take(Tick tick, Ledger ledger) {
        if (tick.isEnd()) {
            throw new End();
        }
        ledger.take(tick);
        return Unit.INSTANCE;
    }

    @Override
    public void awaitReady() {
        while (flow.getSubscriptionCount().getValue() < subscribed) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Override
    public void publish(Tick tick) {
        flow.tryEmit(tick);
    }

    /** The newest value is never dropped, so every collector gets the end. */
    @Override
    public void end() {
        flow.tryEmit(Tick.END);
    }
}
