package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Channel;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everyone who is told what happens on a bus: the log, the flight recorder, and the observers
 * registered.
 */
final class Observers {
    /*
     * Publish and receive read `sampler`, plain, and go their usual way if it is null. An observer
     * that takes no samples leaves it null, so that publishers and receivers of a bus with plain
     * metrics run the same code as without.
     *
     * `observations` is replaced by compare-and-set and `sampler` derived from it. Of two threads
     * that change observations at once the slower may store a sampler already out of date; it reads
     * observations again after its store, finds the change and stores again.
     *
     * The flight recorder tells nobody when it begins to want samples but through a listener, which
     * would be global state. It is asked where that is no matter of time: by a receiver about to
     * wait or told of a lag, and at the beginning of a batch. Who asks registers or removes the
     * observation that serves it.
     */
    private static final VarHandle OBSERVATIONS =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "observations",
                    VarHandle.class,
                    Observers.class,
                    Observation[].class);
    private static final VarHandle SAMPLER =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "sampler",
                    VarHandle.class,
                    Observers.class,
                    Sampler.class);

    private static final VarHandle FLIGHT =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "flight",
                    VarHandle.class,
                    Observers.class,
                    Observation.class);

    private static final Observation[] NOBODY = {};

    private final String bus;
    private final Channel channel;
    private final LagLog lagLog;
    private final FailureLog failureLog;

    private volatile Observation[] observations = NOBODY;

    /**
     * Null while nobody takes samples. Read plain: its fields are final, and who misses a change
     * for a while misses samples.
     */
    @Nullable Sampler sampler;

    /** Serves the flight recorder; made when that first wants samples. */
    private volatile @Nullable Observation flight;

    Observers(String bus, Channel channel, LagLog lagLog) {
        this.bus = bus;
        this.channel = channel;
        this.lagLog = lagLog;
        this.failureLog = new FailureLog(bus);
        askFlightRecorder(); // here its classes are loaded, not in the deep call of a first receive
    }

    // ---- registration ----

    BusObserver.Registration register(BusObserver observer) {
        Observation observation = new Observation(observer, bus);
        add(observation);
        return () -> remove(observation);
    }

    private void add(Observation observation) {
        while (true) {
            Observation[] before = observations;
            if (List.of(before).contains(observation)) {
                return;
            }
            List<Observation> after = new ArrayList<>(List.of(before));
            after.add(observation);
            if (replace(before, after)) {
                return;
            }
        }
    }

    private void remove(Observation observation) {
        while (true) {
            Observation[] before = observations;
            List<Observation> after = new ArrayList<>(List.of(before));
            if (!after.remove(observation) || replace(before, after)) {
                return;
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // the array itself: whether it was replaced
    private boolean replace(Observation[] before, List<Observation> after) {
        if (!OBSERVATIONS.compareAndSet(this, before, after.toArray(NOBODY))) {
            return false;
        }
        Observation[] current;
        do {
            current = observations;
            SAMPLER.setVolatile(this, samplerFor(current));
        } while (current != observations);
        return true;
    }

    private @Nullable Sampler samplerFor(Observation[] current) {
        List<Observation> sampling = new ArrayList<>();
        for (Observation observation : current) {
            if (observation.isSampling()) {
                sampling.add(observation);
            }
        }
        return sampling.isEmpty() ? null : new Sampler(channel, sampling.toArray(NOBODY));
    }

    // ---- what happens ----

    /** Tells of a lag that the receiver's account holds already. */
    void lagged(LagLog.Lags told, Lagged<?> lag) {
        askFlightRecorder();
        lagLog.lagged(told, lag.missed());
        String receiver = told.receiver;
        Flight.lagged(bus, receiver, lag);
        Observation[] current = observations;
        if (current.length > 0) {
            Optional<String> name = Optional.ofNullable(receiver);
            for (Observation observation : current) {
                observation.lagged(name, lag);
            }
        }
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
        failureLog.failed(receiver, failure);
        Flight.failed(bus, receiver, failure);
        for (Observation observation : observations) {
            observation.failed(Optional.ofNullable(receiver), failure);
        }
    }

    /** Tells of the close of the bus. */
    void closed(long published, int receivers) {
        Flight.closed(bus, published, receivers);
    }

    /** To be called before a batch is published; returns what {@link #endBatch} wants to know. */
    long beginBatch(int events) {
        askFlightRecorder();
        Sampler current = sampler;
        return current == null ? Sampler.NOT_SAMPLED : current.beginBatch(events);
    }

    void endBatch(long began, long accepted) {
        Sampler current = sampler;
        if (began != Sampler.NOT_SAMPLED && current != null) {
            current.endBatch(began, accepted);
        }
    }

    /**
     * To be called now and then, off the hot path: begins or ends sampling for the flight recorder.
     */
    void askFlightRecorder() {
        boolean wanted = Flight.wantsSamples();
        Sampler current = sampler;
        Observation served = flight;
        boolean running = current != null && served != null && current.serves(served);
        if (wanted && !running) {
            if (served == null) {
                FLIGHT.compareAndSet(this, null, new Observation(Flight.observer(bus), bus));
            }
            add(Objects.requireNonNull(flight));
        } else if (!wanted && running && served != null) {
            remove(served);
        }
    }
}
