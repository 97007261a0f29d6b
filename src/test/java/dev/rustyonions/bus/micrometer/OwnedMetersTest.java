package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.micrometer.OwnedMeters.Owned;
import dev.rustyonions.bus.micrometer.Readings.Pace;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What one binding registers is told from what others do. */
class OwnedMetersTest {
    private static final String NAME = "a.gauge";

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Bus<Integer> bus = Buses.open(Mode.CLASSIC, 8);
    private final List<Meter> taken = new ArrayList<>();

    private OwnedMeters owned() {
        Readings readings =
                new Readings(bus, Pace.USUAL, System::nanoTime, new ReceiverNames(10), () -> {});
        Binding binding =
                new Binding(
                        bus,
                        registry,
                        new MeterNames("ron.bus", false),
                        Tags.empty(),
                        readings,
                        false,
                        left -> {});
        return new OwnedMeters(registry, bus, binding);
    }

    private @Nullable Owned<Gauge> add(OwnedMeters to) {
        return to.add(
                (in, tags, description) ->
                        Gauge.builder(NAME, bus, Bus::capacity)
                                .tags(tags)
                                .description(description)
                                .register(in),
                Tags.of("bus", "x"),
                "A gauge",
                bus,
                taken::add);
    }

    private static void remove(OwnedMeters from, Owned<?> meter) {
        Failures failures = new Failures();
        from.remove(List.of(meter), failures);
        failures.rethrow();
    }

    @Test
    void aMeterThatIsThereAlreadyIsToldFromOneRegistered() {
        Owned<Gauge> first = Objects.requireNonNull(add(owned()));
        assertThat(taken).isEmpty();
        assertThat(add(owned())).isNull();
        assertThat(taken).containsExactly(first.meter());
    }

    @Test
    void aMeterIsRemovedOnceHoweverManyRemoveIt() {
        OwnedMeters mine = owned();
        Owned<Gauge> first = Objects.requireNonNull(add(mine));
        remove(mine, first);
        assertThat(registry.getMeters()).isEmpty();
        Owned<Gauge> successor = Objects.requireNonNull(add(owned()));
        remove(mine, first);
        assertThat(registry.getMeters()).containsExactly(successor.meter());
    }

    @Test
    void aMeterGoneAlreadyIsNotRemovedWithItsSuccessor() {
        OwnedMeters mine = owned();
        Owned<Gauge> first = Objects.requireNonNull(add(mine));
        registry.clear();
        Gauge successor = Gauge.builder(NAME, () -> 7).tags("bus", "x").register(registry);
        remove(mine, first);
        assertThat(registry.getMeters()).containsExactly(successor);
        assertThat(successor.value()).isEqualTo(7);
    }
}
