package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ring alone, above all with a hint that publishers left far behind. */
class RingTest {

    private static NumberRing filled(int capacity, int published) {
        NumberRing ring = new NumberRing(capacity);
        for (int i = 0; i < published; i++) {
            assertThat(ring.publish(i)).isEqualTo(i);
        }
        return ring;
    }

    @Property
    void theTailIsFoundFromEveryHintWithinALap(
            @ForAll @IntRange(min = 1, max = 10) int lg,
            @ForAll @IntRange(max = 5000) int published,
            @ForAll @IntRange(max = 1024) int behind) {
        int capacity = 1 << lg;
        NumberRing ring = filled(capacity, published);
        ring.advanceHint(Math.max(0, published - Math.min(behind, capacity)));
        assertThat(ring.tail()).isEqualTo(published);
    }

    @Property
    void theTailIsFoundFromAHintAnyNumberOfLapsBehind(
            @ForAll @IntRange(min = 1, max = 10) int lg,
            @ForAll @IntRange(max = 5000) int published,
            @ForAll @IntRange(max = 5000) int hint) {
        NumberRing ring = filled(1 << lg, published);
        ring.advanceHint(Math.min(hint, published));
        assertThat(ring.tail()).isEqualTo(published);
    }

    @Property
    void aPublisherWithAStaleHintTakesTheTailAndOverwritesNothingElse(
            @ForAll @IntRange(min = 1, max = 10) int lg,
            @ForAll @IntRange(max = 5000) int published,
            @ForAll @IntRange(max = 5000) int hint) {
        int capacity = 1 << lg;
        NumberRing ring = filled(capacity, published);
        long stale = Math.min(hint, published);
        assertThat(ring.claim(stale, "late")).isEqualTo(published);
        assertThat(ring.cell(published)).isEqualTo(new NumberRing.Cell(published, "late"));
        for (long s = Math.max(0, published + 1 - capacity); s < published; s++) {
            assertThat(ring.sequenceOf(ring.cell(s))).isEqualTo(s);
        }
    }

    @Property(tries = 1000)
    void afterCloseEveryHintLeadsToTheTerminalCellForgottenOrNot(
            @ForAll @IntRange(min = 1, max = 8) int lg,
            @ForAll @IntRange(max = 600) int published,
            @ForAll @IntRange(max = 600) int hint,
            @ForAll @IntRange(max = 700) int forgotten) {
        NumberRing ring = filled(1 << lg, published);
        assertThat(ring.terminal()).isNull();
        ring.advanceHint(Math.min(hint, published));
        assertThat(ring.close()).isTrue();
        assertThat(ring.close()).isFalse();
        Terminal end = ring.terminal();
        assertThat(end.sequence).isEqualTo(published);
        forget(ring, forgotten);
        ring.advanceHint(Math.min(hint, published));
        assertThat(ring.terminal().sequence).isEqualTo(published);
        assertThat(ring.tail()).isEqualTo(published);
        for (long from = 0; from <= published; from++) {
            assertThat(ring.claim(from, "late")).isEqualTo(Ring.CLOSED);
        }
        assertThat(ring.publish("late")).isEqualTo(Ring.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 64})
    void closeEvictsNothing(int capacity) {
        NumberRing ring = filled(capacity, 3 * capacity);
        ring.close();
        assertThat(ring.sequenceOf(ring.terminal().displaced)).isEqualTo(2L * capacity);
        for (long s = 2L * capacity + 1; s < 3L * capacity; s++) {
            assertThat(ring.sequenceOf(ring.cell(s))).isEqualTo(s);
        }
    }

    @Test
    void aForgottenSlotReadsAsClosedAndAStalledPublisherOfTheFirstLapIsRefused() {
        NumberRing ring = filled(4, 2);
        ring.close();
        forget(ring, 2);
        assertThat(ring.cell(0)).isInstanceOf(Terminal.class);
        assertThat(ring.cell(1)).isInstanceOf(Terminal.class);
        assertThat(ring.claim(0, "stalled")).isEqualTo(Ring.CLOSED);
        assertThat(ring.claim(1, "stalled")).isEqualTo(Ring.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 3, 6, 1 << 17})
    void aCapacityThatIsNoPowerOfTwoInRangeIsRefusedByName(int capacity) {
        assertThatThrownBy(() -> new NumberRing(capacity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity " + capacity)
                .hasMessageContaining("2 to 65536");
    }

    private static void forget(NumberRing ring, long limit) {
        long end = ring.terminal().sequence;
        ring.clear(
                new Terminal(end, null), Math.max(0, end - ring.capacity()), Math.min(limit, end));
    }
}
