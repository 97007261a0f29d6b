package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.micrometer.ReceiverNames.Named;
import dev.rustyonions.bus.micrometer.ReceiverNames.Shown;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the series of receiver names show while receivers come, lose and end. */
class ReceiverNamesTest {
    private final ReceiverNames names = new ReceiverNames(2);

    private static ReceiverStats living(String name, long missed) {
        return new ReceiverStats(0, Optional.of(name), 0, 0, 0, 0, missed, 3, false, false);
    }

    /** The receivers are given as a walk gives them, the most recent first. */
    private Shown read(ReceiverStats... receivers) {
        names.sumUp();
        return names.read(Arrays.asList(receivers));
    }

    private long missed(String name, ReceiverStats... receivers) {
        Named named = read(receivers).named().get(name);
        return named == null ? -1 : named.missed();
    }

    @Test
    void whatWasLostBetweenTwoReadingsByReceiversThatCameAndWentIsCounted() {
        assertThat(missed("audit", living("audit", 0))).isZero();
        for (int reconnected = 1; reconnected <= 3; reconnected++) {
            names.ended("audit", 8);
            assertThat(missed("audit", living("audit", 0))).isEqualTo(8L * reconnected);
        }
    }

    @Test
    void aNameIsShownForOneReadingAfterItsLastReceiverEndedAndThenGoes() {
        assertThat(missed("audit", living("audit", 2))).isEqualTo(2);
        names.ended("audit", 10);
        Shown after = read();
        assertThat(after.named()).containsExactly(Map.entry("audit", new Named(0, 10, 0)));
        assertThat(read().named()).isEmpty();
    }

    @Test
    void aNameThatCameAndWentUnseenIsShownInTwoReadingsAsTheFirstMakesItsSeries() {
        names.ended("audit", 10);
        assertThat(missed("audit")).isEqualTo(10);
        assertThat(missed("audit")).isEqualTo(10);
        assertThat(read().named()).isEmpty();
    }

    @Test
    void aNameThatCameAndWentUnseenAndLostNothingHasNoSeries() {
        names.ended("audit", 0);
        assertThat(read()).isEqualTo(new Shown(Map.of(), 0));
    }

    @Test
    void anEndThatIsToldLateIsStillShown() {
        assertThat(missed("audit", living("audit", 2))).isEqualTo(2);
        assertThat(missed("audit")).isEqualTo(2); // out of the walk, not told yet
        names.ended("audit", 10);
        assertThat(missed("audit")).isEqualTo(10);
        assertThat(read().named()).isEmpty();
    }

    @Test
    void aNameNeverShowsLessThanBefore() {
        assertThat(missed("audit", living("audit", 7), living("audit", 1))).isEqualTo(8);
        assertThat(missed("audit", living("audit", 1))).isEqualTo(8); // the other not told yet
        names.ended("audit", 7);
        assertThat(missed("audit", living("audit", 2))).isEqualTo(9);
        assertThat(missed("audit", living("audit", 0))).isEqualTo(9); // a loss in transit
    }

    @Test
    void aNameThatComesAgainAfterItWentStartsAnew() {
        read(living("audit", 5));
        names.ended("audit", 5);
        read();
        read();
        assertThat(missed("audit", living("audit", 1))).isEqualTo(1);
    }

    @Test
    void theDeepestReceiverOfANameGivesItsDepth() {
        ReceiverStats deeper =
                new ReceiverStats(1, Optional.of("audit"), 0, 0, 0, 0, 0, 7, false, false);
        assertThat(read(living("audit", 0), deeper, living("audit", 0)).named().get("audit"))
                .isEqualTo(new Named(7, 0, 1));
    }

    @Test
    void namesBeyondTheLimitAreCountedAndGetAPlaceWhenOneIsFree() {
        Shown first = read(living("c", 3), living("b", 2), living("a", 1), living("c", 0));
        assertThat(first.named()).containsOnlyKeys("c", "a"); // the oldest subscriptions first
        assertThat(first.omitted()).isEqualTo(1);
        names.ended("d", 4);
        Shown second = read(living("b", 2), living("a", 1));
        assertThat(second.named()).containsOnlyKeys("c", "a");
        assertThat(second.omitted()).isEqualTo(2); // b, and d that came and went
        Shown third = read(living("b", 2), living("a", 1));
        assertThat(third.named()).containsOnlyKeys("b", "a");
        assertThat(third.omitted()).isZero();
    }

    @Test
    void whatIsKeptOfNamesIsBoundedWithoutAnyReading() {
        boolean summedUp = false;
        int pushed = 0;
        for (int i = 0; i < 10_000; i++) {
            pushed++;
            if (names.ended("client " + i, 1)) {
                assertThat(pushed).isLessThan(2000);
                pushed = 0;
                names.sumUp();
                summedUp = true;
            }
        }
        assertThat(summedUp).isTrue();
        Shown shown = read();
        assertThat(shown.named()).hasSize(2);
        assertThat(shown.omitted()).isEqualTo(9_998);
    }

    @Test
    void manyEndsOfOneNameTakeThePlaceOfOne() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(names.ended("client", 1)).isFalse();
        }
        assertThat(missed("client")).isEqualTo(10_000);
    }

    @Test
    void withoutPlacesNoNameIsShown() {
        ReceiverNames none = new ReceiverNames(0);
        none.ended("b", 1);
        none.sumUp();
        Shown shown = none.read(List.of(living("a", 1)));
        assertThat(shown.named()).isEmpty();
        assertThat(shown.omitted()).isEqualTo(2);
    }
}
