package dev.rustyonions.bus.micrometer;

import dev.rustyonions.bus.Bus;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.noop.NoopMeter;

import org.jspecify.annotations.Nullable;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Registers the meters of one binding and removes them, and never one that another has registered.
 */
final class OwnedMeters {
    /*
     * A registry adds a meter or gives back the one that has the id, in one step, so of two that
     * register the same id exactly one finds its own mark on the meter, also where a filter made
     * the ids the same.
     *
     * A composite does not tell: it registers in its registries whatever is there already, takes
     * what they give back for its own, and later removes it. So each meter is first registered in
     * the registries themselves, on trial, to see whether its place there is free.
     *
     * A registry removes by id. Whoever removes a meter first looks whether the registry still has
     * this very one, and lowers its flag, so that of two threads only one removes it: the other
     * would remove a successor.
     */

    /** How often others' meters are removed in favour of one registration. */
    private static final int ROUNDS = 4;

    /**
     * Registers a meter of one kind.
     *
     * @param <M> the kind
     */
    interface Form<M extends Meter> {
        M in(MeterRegistry registry, Tags tags, String description);
    }

    /**
     * A meter registered here.
     *
     * @param meter the meter, or one without effect
     * @param state what it reads; registries hold it weakly, so it is held here
     * @param mark what tells it from others of its id
     * @param isIn lowered by the thread that removes it
     * @param <M> the kind of meter
     */
    record Owned<M extends Meter>(M meter, Object state, Mark mark, AtomicBoolean isIn) {}

    private final MeterRegistry registry;
    private final Bus<?> bus;
    private final WeakReference<Binding> owner;

    /**
     * Begins without meters.
     *
     * @param binding whose meters they will be
     */
    OwnedMeters(MeterRegistry registry, Bus<?> bus, Binding binding) {
        this.registry = registry;
        this.bus = bus;
        this.owner = new WeakReference<>(binding);
    }

    /**
     * Registers a meter, if necessary in place of those of a closed bus.
     *
     * @param taken is given the meter that is in the way, if there is one; may throw
     * @return the meter, null if another is in the way
     */
    <M extends Meter> @Nullable Owned<M> add(
            Form<M> form, Tags tags, String description, Object state, Consumer<Meter> taken) {
        for (MeterRegistry part : partsOf(registry)) {
            Mark trial = new Mark(owner, tags, description);
            M meter = claim(part, form, trial);
            if (!trial.isOn(meter)) {
                taken.accept(meter);
                return null;
            }
            if (!(meter instanceof NoopMeter)) {
                part.remove(meter);
            }
        }
        Mark mark = new Mark(owner, tags, description);
        M meter = claim(registry, form, mark);
        if (!mark.isOn(meter)) {
            taken.accept(meter);
            return null;
        }
        return new Owned<>(meter, state, mark, new AtomicBoolean(true));
    }

    /** Whether this binding registered the meter, as far as tags tell. */
    boolean own(Meter meter) {
        return owner.equals(Mark.ownerOf(meter));
    }

    /** The bus that a meter is of; null if none that is known. */
    @Nullable Bus<?> busOf(Meter meter) {
        WeakReference<Binding> other = Mark.ownerOf(meter);
        Binding binding = other == null ? null : other.get();
        return binding == null ? null : binding.bus();
    }

    private <M extends Meter> M claim(MeterRegistry in, Form<M> form, Mark mark) {
        M meter = form.in(in, mark.tags(), mark.description());
        for (int i = 0; i < ROUNDS && !mark.isOn(meter) && makeRoom(in, meter); i++) {
            meter = form.in(in, mark.tags(), mark.description());
        }
        return meter;
    }

    /** Removes the meters of the binding that registered this one, if nobody needs them. */
    private boolean makeRoom(MeterRegistry in, Meter meter) {
        WeakReference<Binding> other = Mark.ownerOf(meter);
        if (other == null || other.equals(owner)) {
            return false;
        }
        Binding binding = other.get();
        if (binding != null) {
            return binding.giveWayTo(bus);
        }
        List<Meter> orphans = new ArrayList<>();
        in.forEachMeter(
                each -> {
                    if (other.equals(Mark.ownerOf(each))) {
                        orphans.add(each);
                    }
                });
        Failures failures = new Failures();
        orphans.forEach(orphan -> failures.attempt(() -> in.remove(orphan)));
        failures.rethrow();
        return true;
    }

    /** The registries that a composite writes to; none if it is not a composite. */
    private static Set<MeterRegistry> partsOf(MeterRegistry registry) {
        Set<MeterRegistry> parts = Collections.newSetFromMap(new IdentityHashMap<>());
        if (registry instanceof CompositeMeterRegistry composite) {
            for (MeterRegistry part : composite.getRegistries()) {
                if (part instanceof CompositeMeterRegistry) {
                    parts.addAll(partsOf(part));
                } else {
                    parts.add(part);
                }
            }
        }
        return parts;
    }

    /** Removes those of the meters that are still in the registry. */
    void remove(Collection<? extends Owned<?>> meters, Failures failures) {
        IdentityHashMap<Meter, Owned<?>> byMeter = new IdentityHashMap<>();
        Map<@Nullable Mark, Owned<?>> byMark = new HashMap<>();
        for (Owned<?> owned : meters) {
            if (owned.isIn().get()) {
                byMeter.put(owned.meter(), owned);
                byMark.put(owned.mark(), owned);
            }
        }
        if (byMeter.isEmpty()) {
            return;
        }
        IdentityHashMap<Owned<?>, List<Meter>> found = new IdentityHashMap<>();
        registry.forEachMeter(
                meter -> {
                    Owned<?> owned = byMeter.get(meter);
                    if (owned == null && meter.getId().syntheticAssociation() != null) {
                        owned = byMark.get(Mark.of(meter));
                    }
                    if (owned != null) {
                        found.computeIfAbsent(owned, of -> new ArrayList<>()).add(meter);
                    }
                });
        for (Owned<?> owned : meters) {
            if (owned.isIn().compareAndSet(true, false)) {
                remove(owned, found.getOrDefault(owned, List.of()), failures);
            }
        }
    }

    /**
     * Removes a meter, with which the registry removes those that it derived from it; those alone
     * if the meter itself is gone, as they are left when a listener has failed.
     */
    @SuppressWarnings("ReferenceEquality") // the very meter
    private void remove(Owned<?> owned, List<Meter> found, Failures failures) {
        boolean whole = found.stream().anyMatch(meter -> meter == owned.meter());
        for (Meter meter : whole ? List.<Meter>of(owned.meter()) : found) {
            failures.attempt(
                    () -> {
                        boolean done = false;
                        try {
                            registry.remove(meter);
                            done = true;
                        } finally {
                            if (!done) {
                                owned.isIn().set(true); // to be looked at again
                            }
                        }
                    });
        }
    }
}
