package dev.rustyonions.bus.model;

import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.model.Step.Action;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import java.util.List;

/**
 * The bus against a list and cursors, step by step, with every outcome and every counter compared.
 */
class BusModelTest {

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyInterleavingGivesWhatAListAndCursorsGive(
            @ForAll Mode mode,
            @ForAll("capacities") int capacity,
            @ForAll("steps") List<Step> steps) {
        new Interleaving(mode, capacity, false).run(steps);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyInterleavingGivesWhatAListAndCursorsGiveWithAmnesia(
            @ForAll Mode mode,
            @ForAll("capacities") int capacity,
            @ForAll("steps") List<Step> steps) {
        new Interleaving(mode, capacity, true).run(steps);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aBusThatIsClosedEarlyGivesWhatAListAndCursorsGive(
            @ForAll Mode mode,
            @ForAll boolean amnesia,
            @ForAll("capacities") int capacity,
            @ForAll("steps") List<Step> before,
            @ForAll("steps") List<Step> after) {
        Interleaving interleaving = new Interleaving(mode, capacity, amnesia);
        interleaving.run(before);
        interleaving.run(List.of(new Step(Action.BUS_CLOSE, 0, 0)));
        interleaving.run(after);
    }

    @Provide
    Arbitrary<Integer> capacities() {
        return Arbitraries.of(2, 4, 8);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        actions(),
                        Arbitraries.integers().between(0, 11),
                        Arbitraries.integers().between(0, 20))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }

    private static Arbitrary<Action> actions() {
        return Arbitraries.frequency(
                Tuple.of(12, Action.PUBLISH),
                Tuple.of(6, Action.PUBLISH_SEQUENCED),
                Tuple.of(8, Action.OFFER),
                Tuple.of(4, Action.SUBMIT_WHERE_THERE_IS_ROOM),
                Tuple.of(4, Action.PUBLISH_MANY),
                Tuple.of(1, Action.PUBLISH_MANY_WITH_NULL),
                Tuple.of(1, Action.BATCH_BEGIN),
                Tuple.of(6, Action.BATCH_ADD),
                Tuple.of(1, Action.BATCH_FLUSH),
                Tuple.of(1, Action.BATCH_CLOSE),
                Tuple.of(2, Action.SUBSCRIBE_NOW),
                Tuple.of(2, Action.SUBSCRIBE_OLDEST),
                Tuple.of(2, Action.SUBSCRIBE_LAST),
                Tuple.of(2, Action.SUBSCRIBE_FROM),
                Tuple.of(8, Action.RECV),
                Tuple.of(1, Action.RECV_INTERRUPTED),
                Tuple.of(10, Action.TRY_RECV),
                Tuple.of(2, Action.RECV_TIMEOUT_ZERO),
                Tuple.of(4, Action.DRAIN),
                Tuple.of(1, Action.DRAIN_INTO_A_THROWING_HANDLER),
                Tuple.of(2, Action.RECEIVER_CLOSE),
                Tuple.of(1, Action.EVICT),
                Tuple.of(1, Action.BUS_CLOSE));
    }
}
