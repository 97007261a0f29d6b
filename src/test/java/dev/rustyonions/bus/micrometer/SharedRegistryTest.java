package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusBuilder;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.Garbage;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Metrics take, show and remove their own meters, whatever else is in the registry. */
class SharedRegistryTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private static BusBuilder bus(String name) {
        return Buses.builder(Mode.CLASSIC, 8).name(name);
    }

    private static BusMetrics.Builder metrics(Bus<?> bus) {
        return BusMetrics.builder(bus).fresh(Duration.ZERO);
    }

    private static void assertRefused(BusMetrics metrics, MeterRegistry registry, String why) {
        List<Meter> before = registry.getMeters();
        assertThatThrownBy(() -> metrics.bindTo(registry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the registry has a meter ")
                .hasMessageContaining(why);
        assertSame(registry.getMeters(), before);
        metrics.close();
        assertSame(registry.getMeters(), before);
    }

    /** The very same meters: equal ones may be another bus's. */
    private static void assertSame(List<Meter> meters, List<Meter> before) {
        assertThat(meters)
                .usingElementComparator((a, b) -> a == b ? 0 : 1)
                .hasSameElementsAs(before);
    }

    // ---- other buses ----

    @Test
    void busesOfOneNameCannotShareTheLegacyNamesWhateverTheirNamespaces() {
        Bus<Integer> one = bus("x").metricsNamespace("one").build();
        Bus<Integer> two = bus("x").metricsNamespace("two").build();
        try (BusMetrics first = metrics(one).legacyNames().build()) {
            first.bindTo(registry);
            assertRefused(metrics(two).legacyNames().build(), registry, "of another bus, x");
            one.subscribe();
            one.publish(1);
            assertThat(registry.get("bus.queue.depth").gauge().value()).isEqualTo(1);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    static Stream<MeterFilter> filtersThatMakeBusesAlike() {
        return Stream.of(
                MeterFilter.ignoreTags("bus"),
                MeterFilter.ignoreTags("bus", "mode", "amnesia"),
                mapping(
                        id ->
                                new Meter.Id(
                                        id.getName(),
                                        Tags.of("bus", "any").and(id.getTags().subList(2, 3)),
                                        id.getBaseUnit(),
                                        "described otherwise",
                                        id.getType())));
    }

    private static MeterFilter mapping(UnaryOperator<Meter.Id> map) {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return map.apply(id);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("filtersThatMakeBusesAlike")
    void aFilterThatMakesTheMetersOfTwoBusesOneLeavesThemToTheFirst(MeterFilter filter) {
        registry.config().meterFilter(filter);
        Bus<Integer> orders = bus("orders").build();
        try (BusMetrics first = metrics(orders).build()) {
            first.bindTo(registry);
            assertRefused(metrics(bus("prices").build()).build(), registry, "already");
            orders.publish(1);
            assertThat(registry.get("ron.bus.publish").functionCounter().count()).isEqualTo(1);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void tagsOfTheCallerTellBusesOfOneNameApart() {
        BusMetrics first = metrics(bus("x").build()).tags(Tags.of("shard", "1")).build();
        BusMetrics second = metrics(bus("x").build()).tags(Tags.of("shard", "2")).build();
        BusMetrics third = metrics(bus("x").build()).build();
        first.bindTo(registry);
        second.bindTo(registry);
        third.bindTo(registry);
        assertThat(registry.find("ron.bus.publish").functionCounters()).hasSize(3);
        second.close();
        assertThat(registry.find("ron.bus.publish").functionCounters()).hasSize(2);
        first.close();
        third.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void ofTwoThatBindAtOnceTheOneThatComesSecondIsRefused() {
        BusMetrics first = metrics(bus("x").build()).build();
        BusMetrics second = metrics(bus("x").build()).build();
        AtomicBoolean between = new AtomicBoolean();
        // The other binds when the first has looked round and is about to register.
        registry.config()
                .meterFilter(
                        mapping(
                                id -> {
                                    if (between.compareAndSet(false, true)) {
                                        second.bindTo(registry);
                                    }
                                    return id;
                                }));
        assertThatThrownBy(() -> first.bindTo(registry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("of another bus, x");
        first.close();
        assertThat(registry.find("ron.bus.publish").functionCounters()).hasSize(1);
        second.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void ofTwoThreadsThatBindMetricsOfOneBusExactlyOneIsLetThrough() throws Exception {
        for (int round = 0; round < 100; round++) {
            Bus<Integer> bus = bus("x").build();
            List<BusMetrics> both = List.of(metrics(bus).build(), metrics(bus).build());
            CyclicBarrier start = new CyclicBarrier(2);
            AtomicInteger bound = new AtomicInteger();
            List<Task<Void>> tasks = new ArrayList<>();
            for (BusMetrics metrics : both) {
                tasks.add(
                        Task.start(
                                ThreadKind.PLATFORM,
                                () -> {
                                    start.await();
                                    try {
                                        metrics.bindTo(registry);
                                        bound.incrementAndGet();
                                    } catch (IllegalStateException refused) {
                                        assertThat(refused)
                                                .hasMessageContaining("of this very bus");
                                    }
                                    return null;
                                }));
            }
            tasks.forEach(Task::result);
            assertThat(bound).hasValue(1);
            both.forEach(BusMetrics::close);
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    // ---- meters of somebody else ----

    static Stream<String> namesOfMeters() {
        MeterRegistry scratch = new SimpleMeterRegistry();
        try (BusMetrics metrics = everything(bus("x").build())) {
            metrics.bindTo(scratch);
            return scratch.getMeters().stream()
                    .map(meter -> meter.getId().getName())
                    .filter(name -> !name.endsWith(".histogram"))
                    .distinct();
        }
    }

    private static BusMetrics everything(Bus<?> bus) {
        return metrics(bus).histograms().legacyNames().build();
    }

    @ParameterizedTest
    @MethodSource("namesOfMeters")
    void aMeterOfSomebodyElseIsNeitherUsedNorRemovedWhicheverItIs(String name) {
        Tags tags = Tags.of("amnesia", "off", "bus", "x", "mode", "classic");
        boolean counter = !everyGauge().contains(name);
        if (name.endsWith(".ns") || name.endsWith("distance")) {
            registry.summary(name, tags);
        } else if (counter) {
            registry.more().counter(name, tags, 77);
        } else {
            registry.gauge(name, tags, 77);
        }
        assertRefused(everything(bus("x").build()), registry, "registered by somebody else");
        assertThat(registry.getMeters()).hasSize(1);
    }

    private static List<String> everyGauge() {
        return List.of(
                "ron.bus.ring.depth",
                "ron.bus.capacity",
                "ron.bus.capacity.advised",
                "ron.bus.publishers.waiting",
                "ron.bus.subscribers",
                "ron.bus.receiver.names.omitted",
                "bus.queue.depth");
    }

    @Test
    void aReceiversMeterOfSomebodyElseIsNeitherUsedNorRemoved() {
        Tags tags = Tags.of("amnesia", "off", "bus", "x", "mode", "classic", "receiver", "audit");
        registry.more().counter("ron.bus.receiver.missed", tags, 77);
        Bus<Integer> bus = bus("x").build();
        try (BusMetrics metrics = metrics(bus).build();
                Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"))) {
            metrics.bindTo(registry);
            assertThat(registry.find("ron.bus.receiver.depth").gauges()).hasSize(1);
            assertThat(audit.depth()).isZero();
        }
        assertThat(registry.getMeters()).hasSize(1);
        assertThat(registry.get("ron.bus.receiver.missed").functionCounter().count()).isEqualTo(77);
    }

    @Test
    void aMeterThatCameIntoThePlaceOfOneRemovedByOthersStays() {
        BusMetrics metrics = metrics(bus("x").build()).build();
        metrics.bindTo(registry);
        Meter.Id id = registry.get("ron.bus.capacity").gauge().getId();
        registry.clear();
        Gauge another = Gauge.builder(id.getName(), () -> 77).tags(id.getTags()).register(registry);
        metrics.close();
        assertThat(registry.getMeters()).containsExactly(another);
    }

    @Test
    void aMeterThatAFilterDeniesIsLeftOut() {
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("ron.bus.lag"));
        Bus<Integer> bus = bus("x").build();
        try (BusMetrics metrics = metrics(bus).build()) {
            metrics.bindTo(registry);
            Receiver<Integer> receiver = bus.subscribe();
            for (int i = 0; i < 10; i++) {
                bus.publish(i);
            }
            receiver.tryRecv();
            assertThat(registry.find("ron.bus.lag.distance").meter()).isNull();
            assertThat(registry.get("ron.bus.drop.lagged").functionCounter().count()).isEqualTo(2);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aFilterThatMakesReceiversOneLeavesOneOfThemAndThenTheOther() {
        registry.config().meterFilter(MeterFilter.ignoreTags("receiver"));
        Bus<Integer> bus = bus("x").build();
        try (BusMetrics metrics = metrics(bus).build()) {
            Receiver<Integer> one = bus.subscribe(o -> o.name("one"));
            Receiver<Integer> two = bus.subscribe(o -> o.name("two"));
            metrics.bindTo(registry);
            assertThat(registry.find("ron.bus.receiver.depth").gauges()).hasSize(1);
            one.close();
            read(registry, 4);
            assertThat(registry.find("ron.bus.receiver.depth").gauges()).hasSize(1);
            two.close();
            read(registry, 4);
            assertThat(registry.find("ron.bus.receiver.depth").gauges()).isEmpty();
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    /** So many readings; with a name gone there is one until it is seen, and one until it goes. */
    private static void read(MeterRegistry registry, int times) {
        for (int i = 0; i < times; i++) {
            registry.get("ron.bus.capacity").gauge().value();
        }
    }

    @Test
    void aRefusalHalfwayLeavesNothingBehind() {
        registry.config()
                .meterFilter(
                        mapping(
                                id -> {
                                    if (id.getName().equals("ron.bus.receiver.missed")) {
                                        throw new IllegalArgumentException("planted");
                                    }
                                    return id;
                                }));
        Bus<Integer> bus = bus("x").build();
        bus.subscribe(o -> o.name("audit"));
        try (BusMetrics metrics = metrics(bus).build()) {
            assertThatThrownBy(() -> metrics.bindTo(registry)).hasMessage("planted");
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void tagsOfBusMetricsEqualPlainOnes() {
        try (BusMetrics metrics = metrics(bus("x").build()).build()) {
            metrics.bindTo(registry);
            Meter meter = registry.get("ron.bus.publish").tags("bus", "x").meter();
            assertThat(meter.getId().getTags()).contains(Tag.of("bus", "x"));
            assertThat(Tag.of("bus", "x")).isEqualTo(meter.getId().getTags().get(1));
        }
    }

    // ---- composites ----

    private final CompositeMeterRegistry composite = new CompositeMeterRegistry();

    private static void lag(Bus<Integer> bus) {
        try (Receiver<Integer> receiver = bus.subscribe()) {
            for (int i = 0; i < 10; i++) {
                bus.publish(i);
            }
            receiver.tryRecv();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBusIsBoundToACompositeOrToARegistryInIt(boolean compositeFirst) {
        composite.add(registry);
        Bus<Integer> bus = bus("x").build();
        try (BusMetrics metrics = metrics(bus).build()) {
            MeterRegistry first = compositeFirst ? composite : registry;
            MeterRegistry second = compositeFirst ? registry : composite;
            metrics.bindTo(first);
            List<Meter> bound = first.getMeters();
            assertThatThrownBy(() -> metrics.bindTo(second))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("of this very bus")
                    .hasMessageContaining("either a composite or the registries in it");
            assertSame(first.getMeters(), bound);
            lag(bus);
            assertThat(registry.get("ron.bus.lag.distance").summary().count()).isEqualTo(1);
            assertThat(registry.get("ron.bus.drop.lagged").functionCounter().count()).isEqualTo(2);
        }
        assertThat(registry.getMeters()).isEmpty();
        assertThat(composite.getMeters()).isEmpty();
    }

    @Test
    void aRegistryReachedOnTwoWaysCountsALagOnce() {
        CompositeMeterRegistry inner = new CompositeMeterRegistry();
        inner.add(registry);
        composite.add(registry).add(inner);
        Bus<Integer> bus = bus("x").build();
        try (BusMetrics metrics = metrics(bus).build()) {
            metrics.bindTo(composite);
            bus.subscribe(o -> o.name("audit"));
            read(composite, 2);
            assertThat(registry.find("ron.bus.receiver.depth").gauges()).hasSize(1);
            lag(bus);
            assertThat(registry.get("ron.bus.lag.distance").summary().count()).isEqualTo(1);
        }
        assertThat(registry.getMeters()).isEmpty();
        assertThat(composite.getMeters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofACompositeToTheMetersOfAnotherBusInARegistryOfItNothingIsDone(boolean filtered) {
        if (filtered) {
            registry.config().meterFilter(MeterFilter.ignoreTags("bus"));
        }
        composite.add(new SimpleMeterRegistry()).add(registry);
        Bus<Integer> bus = bus("x").build();
        try (BusMetrics metrics = metrics(bus).build()) {
            metrics.bindTo(registry);
            List<Meter> before = registry.getMeters();
            Bus<Integer> other = bus(filtered ? "y" : "x").build();
            assertRefused(metrics(other).build(), composite, "of another bus, x");
            assertSame(registry.getMeters(), before);
            assertThat(composite.getRegistries())
                    .allSatisfy(
                            part ->
                                    assertThat(part.getMeters())
                                            .hasSize(part == registry ? before.size() : 0));
        }
    }

    @Test
    void aMeterOfSomebodyElseInARegistryOfACompositeIsNeitherUsedNorRemoved() {
        composite.add(registry);
        Tags tags = Tags.of("amnesia", "off", "bus", "x", "mode", "classic");
        registry.summary("ron.bus.lag.distance", tags);
        Bus<Integer> bus = bus("x").build();
        assertRefused(metrics(bus).build(), composite, "registered by somebody else");
        assertThat(registry.getMeters()).hasSize(1);
    }

    // ---- metrics that were not closed ----

    @Test
    void theForgottenMetricsOfAClosedBusGiveWayToABusOfTheSameName() {
        Bus<Integer> old = bus("x").build();
        BusMetrics forgotten = metrics(old).histograms().build();
        MeterRegistry second = new SimpleMeterRegistry();
        old.subscribe(o -> o.name("audit"));
        forgotten.bindTo(registry);
        forgotten.bindTo(second);
        old.close();
        Bus<Integer> fresh = bus("x").build();
        fresh.subscribe(o -> o.name("audit"));
        try (BusMetrics metrics = metrics(fresh).histograms(1).build()) {
            metrics.bindTo(registry);
            fresh.publish(1);
            assertThat(registry.get("ron.bus.publish").functionCounter().count()).isEqualTo(1);
            assertThat(registry.get("ron.bus.publish.ns").summary().count()).isEqualTo(1);
            assertThat(registry.get("ron.bus.receiver.depth").gauge().value()).isEqualTo(1);
            assertThat(second.get("ron.bus.publish").functionCounter().count()).isZero();
            List<Meter> bound = registry.getMeters();
            forgotten.close();
            assertSame(registry.getMeters(), bound);
        }
        assertThat(registry.getMeters()).isEmpty();
        assertThat(second.getMeters()).isEmpty();
    }

    @Test
    void theForgottenMetricsOfAClosedBusGiveWayInAComposite() {
        composite.add(registry);
        Bus<Integer> old = bus("x").build();
        metrics(old).build().bindTo(composite);
        old.close();
        Bus<Integer> fresh = bus("x").build();
        try (BusMetrics metrics = metrics(fresh).build()) {
            metrics.bindTo(composite);
            fresh.publish(1);
            assertThat(registry.get("ron.bus.publish").functionCounter().count()).isEqualTo(1);
        }
        assertThat(registry.getMeters()).isEmpty();
        assertThat(composite.getMeters()).isEmpty();
    }

    @Test
    void forgottenMetricsThatAreGarbageGiveWayToABusOfTheSameName() {
        Garbage.awaitCollected(forgotten());
        assertThat(registry.getMeters()).isNotEmpty();
        try (BusMetrics metrics = metrics(bus("x").build()).build()) {
            metrics.bindTo(registry);
            assertThat(registry.get("ron.bus.capacity").gauge().value()).isEqualTo(8);
            assertThat(registry.find("ron.bus.receiver.depth").meter()).isNull();
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    private WeakReference<Bus<Integer>> forgotten() {
        Bus<Integer> bus = bus("x").build();
        bus.subscribe(o -> o.name("audit"));
        metrics(bus).build().bindTo(registry);
        return new WeakReference<>(bus);
    }

    @Test
    void theMetricsOfAnOpenBusDoNotGiveWayNorThoseOfAClosedOneToItself() {
        Bus<Integer> bus = bus("x").build();
        try (BusMetrics metrics = metrics(bus).build()) {
            metrics.bindTo(registry);
            assertRefused(metrics(bus("x").build()).build(), registry, "of another bus, x");
            bus.close();
            assertThatThrownBy(() -> metrics.bindTo(registry))
                    .hasMessageContaining("of this very bus");
            assertThat(registry.find("ron.bus.publish").functionCounters()).hasSize(1);
        }
    }

    // ---- registries that fail ----

    private static MeterRegistry failing(AtomicBoolean fails, String message) {
        MeterRegistry failing = new SimpleMeterRegistry();
        failing.config()
                .onMeterRemoved(
                        meter -> {
                            if (fails.get()) {
                                throw new IllegalStateException(message);
                            }
                        });
        return failing;
    }

    @Test
    void aRegistryThatFailsKeepsNoOtherFromBeingClosedAndIsTriedAgain() {
        AtomicBoolean fails = new AtomicBoolean(true);
        MeterRegistry first = failing(fails, "first");
        MeterRegistry last = failing(fails, "last");
        BusMetrics metrics = metrics(bus("x").build()).build();
        metrics.bindTo(first);
        metrics.bindTo(registry);
        metrics.bindTo(last);
        assertThatThrownBy(metrics::close)
                .hasMessage("first")
                .satisfies(
                        thrown ->
                                assertThat(List.of(thrown.getSuppressed()))
                                        .extracting(Throwable::getMessage)
                                        .contains("last"));
        assertThat(registry.getMeters()).isEmpty();
        assertThat(first.getMeters()).isNotEmpty(); // what it derived from a histogram
        fails.set(false);
        metrics.close();
        assertThat(first.getMeters()).isEmpty();
        assertThat(last.getMeters()).isEmpty();
        fails.set(true);
        assertThatCode(metrics::close).doesNotThrowAnyException();
    }

    @Test
    void aRegistryThatFailsForAReceiverIsOfNoConcernToWhoReadsAMeter() {
        AtomicBoolean fails = new AtomicBoolean();
        MeterRegistry failing = failing(fails, "planted");
        Bus<Integer> bus = bus("x").build();
        try (BusMetrics metrics = metrics(bus).build()) {
            metrics.bindTo(failing);
            metrics.bindTo(registry);
            Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"));
            read(registry, 1);
            audit.close();
            fails.set(true);
            for (int i = 0; i < 4; i++) {
                assertThat(failing.get("ron.bus.publish").functionCounter().count()).isZero();
            }
            assertThat(registry.find("ron.bus.receiver.depth").meter()).isNull();
            assertThat(failing.find("ron.bus.receiver.depth").meter()).isNull();
            fails.set(false);
        }
    }
}
