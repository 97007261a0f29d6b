package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Appender;
import dev.rustyonions.bus.ring.ChannelListener;
import dev.rustyonions.bus.ring.PadBefore;
import dev.rustyonions.bus.ring.ReceiverView;
import dev.rustyonions.bus.ring.Ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What publishers read of the observers; on a line of its own, see {@link PadBefore}. */
abstract class ObserversSampler extends PadBefore {
    /**
     * Null while nobody takes samples. Read plain: the sampler's fields are final, and a thread
     * that misses a change for a while misses samples.
     */
    @Nullable Sampler sampler;
}

/** Keeps the sampler off the line of the fields below. */
abstract class ObserversPadAfter extends ObserversSampler {
    int afterGap;
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;
}

/**
 * Everyone who is told what happens on a bus: the log, the flight recorder, and the observers
 * registered.
 */
final class Observers extends ObserversPadAfter implements ChannelListener {
    /*
     * Publish and receive read `sampler`, plain, and go their usual way if it is null. An observer
     * that takes no samples leaves it null. So publishers and receivers of a bus with plain metrics
     * run the same code as without.
     *
     * A receiver that does nothing to its messages learns from the ring whether there is a sampler:
     * the ring is at hand in a receive, this object is not.
     *
     * `observed` holds the observations together with the sampler that serves them. It is replaced
     * by compare-and-set, then its sampler is copied to `sampler`. Of two threads that replace it
     * at once the slower may copy a sampler already out of date; it reads `observed` again after
     * its copy, finds the change and copies again. Everything is allocated before the
     * compare-and-set, so that a registration has taken place whole or not at all.
     *
     * The flight recorder announces recordings only to a global listener, so it is polled, off the
     * hot path: by a receiver that is about to wait or is told of a lag, and at the beginning of a
     * batch. The thread that polls registers or removes the observation that serves the recorder.
     */
    private static final VarHandle OBSERVED =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "observed",
                    VarHandle.class,
                    Observers.class,
                    Observed.class);
    private static final VarHandle SAMPLER =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "sampler",
                    VarHandle.class,
                    ObserversSampler.class,
                    Sampler.class);

    private static final VarHandle FLIGHT =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "flight",
                    VarHandle.class,
                    Observers.class,
                    Observation.class);

    /**
     * Who observes.
     *
     * @param all every observation
     * @param sampler serves those that want samples; null if none does
     */
    private record Observed(List<Observation> all, @Nullable Sampler sampler) {}

    private final String bus;
    private final Ring ring;
    private final LagLog lagLog;
    private final ReceiverLog receiverLog;

    /** What the advice about the capacity is drawn from. */
    final LagSizes lagSizes;

    private volatile Observed observed = new Observed(List.of(), null);

    /** Serves the flight recorder; made when that first wants samples. */
    private volatile @Nullable Observation flight;

    Observers(String bus, Ring ring, LagLog lagLog) {
        this.bus = bus;
        this.ring = ring;
        this.lagLog = lagLog;
        this.receiverLog = new ReceiverLog(bus);
        this.lagSizes = new LagSizes(ring.capacity(), System::nanoTime);
        JfrGate.busOpened();
        askFlightRecorder(); // here its classes are loaded, not in the deep call of a first receive
    }

    // ---- registration ----

    BusObserver.Registration register(BusObserver observer) {
        Observation observation = new Observation(observer, bus);
        BusObserver.Registration registration = () -> remove(observation);
        add(observation);
        return registration;
    }

    private void add(Observation observation) {
        while (true) {
            Observed before = observed;
            List<Observation> after = new ArrayList<>(before.all);
            if (after.contains(observation)) {
                return;
            }
            after.add(observation);
            if (replace(before, after)) {
                return;
            }
        }
    }

    private void remove(Observation observation) {
        while (true) {
            Observed before = observed;
            List<Observation> after = new ArrayList<>(before.all);
            if (!after.remove(observation) || replace(before, after)) {
                return;
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // the record itself: whether it was replaced
    private boolean replace(Observed before, List<Observation> after) {
        Observed replacement = new Observed(List.copyOf(after), samplerFor(after));
        if (!OBSERVED.compareAndSet(this, before, replacement)) {
            return false;
        }
        Observed current;
        do {
            current = observed;
            SAMPLER.setVolatile(this, current.sampler);
            ring.watch(current.sampler != null);
        } while (current != observed);
        return true;
    }

    private @Nullable Sampler samplerFor(List<Observation> observations) {
        List<Observation> sampling = new ArrayList<>();
        for (Observation observation : observations) {
            if (observation.isSampling()) {
                sampling.add(observation);
            }
        }
        return sampling.isEmpty() ? null : new Sampler(ring, sampling.toArray(new Observation[0]));
    }

    // ---- what happens ----

    /** Tells of a lag that the receiver's account holds already. */
    void lagged(LagLog.Lags told, Lagged<?> lag) {
        askFlightRecorder();
        lagLog.lagged(told, lag.missed());
        String receiver = told.receiver;
        JfrGate.lagged(bus, receiver, lag);
        List<Observation> current = observed.all;
        if (!current.isEmpty()) {
            Optional<String> name = Optional.ofNullable(receiver);
            for (Observation observation : current) {
                observation.lagged(name, lag);
            }
        }
    }

    @Override
    public void woke(int enlisted) {
        JfrGate.woke(bus, enlisted);
    }

    @Override
    public void ended(ReceiverView account, long missed) {
        try {
            List<Observation> current = observed.all;
            if (!current.isEmpty()) {
                ReceiverStats last = stats(null, account, missed, 0, false);
                for (Observation observation : current) {
                    observation.ended(last);
                }
            }
        } catch (Throwable dropped) {
            // The receiver has ended all the same.
        }
    }

    @Override
    public void waited(@Nullable Object holder, long nanos) {
        try {
            String receiver = (String) holder;
            JfrGate.waited(bus, receiver, nanos);
            List<Observation> current = observed.all;
            if (!current.isEmpty()) {
                Optional<String> name = Optional.ofNullable(receiver);
                for (Observation observation : current) {
                    observation.waited(name, nanos);
                }
            }
        } catch (Throwable dropped) {
            // The wait is over, and its publisher must hear how it ended.
        }
    }

    @Override
    public void patienceOver(ReceiverView account, long nanos) {
        try {
            String receiver = (String) account.label();
            receiverLog.patienceOver(receiver, account.id(), nanos);
            JfrGate.patienceOver(bus, receiver, nanos);
            List<Observation> current = observed.all;
            if (!current.isEmpty()) {
                Optional<String> name = Optional.ofNullable(receiver);
                for (Observation observation : current) {
                    observation.patienceOver(name, nanos);
                }
            }
        } catch (Throwable dropped) {
            // The publisher goes on.
        }
    }

    /** Puts an account together for those outside. */
    static ReceiverStats stats(
            @Nullable Object receiver,
            ReceiverView account,
            long missed,
            int depth,
            boolean waiting) {
        return new ReceiverStats(
                account.id(),
                Optional.ofNullable((String) account.label()),
                receiver == null ? 0 : System.identityHashCode(receiver),
                account.delivered(),
                account.filtered(),
                account.conflated(),
                missed,
                depth,
                account.isLossless(),
                waiting);
    }

    /**
     * Writes what the log has left unsaid of a receiver that has ended; null if it never lagged.
     * Idempotent.
     */
    void endLags(LagLog.@Nullable Lags told) {
        if (told != null) {
            lagLog.ended(told);
        }
    }

    /** Tells that a receiver's consumer is about to end by something thrown. */
    void failed(@Nullable String receiver, Class<? extends Throwable> failure) {
        receiverLog.failed(receiver, failure);
        JfrGate.failed(bus, receiver, failure);
        for (Observation observation : observed.all) {
            observation.failed(Optional.ofNullable(receiver), failure);
        }
    }

    @Override
    public void closed(long published, int receivers) {
        JfrGate.closed(bus, published, receivers);
        JfrGate.busClosed();
    }

    /**
     * To be called before a batch is published.
     *
     * @return what {@link #beforeAppend} and {@link #endBatch} want to know
     */
    long beginBatch() {
        askFlightRecorder();
        return sampler == null ? Sampler.NOT_SAMPLED : Sampler.beginBatch();
    }

    /** To be called before each event of a batch is appended. */
    void beforeAppend(Appender appender, Object event, long began) {
        if (began != Sampler.NOT_SAMPLED) {
            Sampler current = sampler;
            if (current != null) {
                current.beforeAppend(appender.expected(), event, began);
            }
        }
    }

    /**
     * To be called when a batch has been published. What fails here does not concern its caller.
     */
    void endBatch(long began, long accepted) {
        try {
            Sampler current = sampler;
            if (began != Sampler.NOT_SAMPLED && current != null && accepted > 0) {
                current.endBatch(began, accepted);
            }
        } catch (Throwable dropped) {
            // The events are published, and their publisher must be told so.
        }
    }

    /**
     * To be called now and then, off the hot path: begins or ends sampling for the flight recorder.
     */
    void askFlightRecorder() {
        boolean wanted = JfrGate.wantsSamples();
        Sampler current = sampler;
        Observation served = flight;
        boolean running = current != null && served != null && current.serves(served);
        if (wanted && !running) {
            if (served == null) {
                FLIGHT.compareAndSet(this, null, new Observation(JfrGate.observer(bus), bus));
            }
            add(Objects.requireNonNull(flight));
        } else if (!wanted && running && served != null) {
            remove(served);
        }
    }
}
