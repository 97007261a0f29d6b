package dev.rustyonions.bus.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;

/** The whole program, small. With {@code -Dron.tests=full} what it is compared with too. */
@Timeout(240)
class CrowdTest {
    private static final boolean FULL = "full".equals(System.getProperty("ron.tests"));

    @Test
    void aFeedLosesNothingAndKeepsNobodyWhateverBecomesOfSomeOfItsClients() throws Exception {
        Options options =
                Options.parse(
                        "--outlets=" + (FULL ? "feed,reactor" : "feed"),
                        "--clients=200",
                        "--events=200",
                        "--rate=200",
                        "--capacity=256",
                        "--deaf=2",
                        "--reset=20",
                        "--vanish=20");
        List<Result> results = Crowd.run(options);
        Result feed = results.getFirst();
        assertThat(feed.isClean()).as(feed.row()).isTrue();
        assertThat(feed.got().clients()).isEqualTo(158);
        assertThat(feed.got().complete()).isEqualTo(158);
        assertThat(feed.got().events()).isEqualTo(158 * 200);
        assertThat(feed.lost()).isZero();
        assertThat(feed.goneNanos()).isNotNegative();
        assertThat(feed.got().latency().getTotalCount()).isGreaterThanOrEqualTo(158 * 200);
        if (FULL) {
            assertThat(results.getLast().got().events()).isPositive();
        }
    }

    @Test
    void aLoopThatWritesToEachClientStandsStillWhereOneDoesNotRead() throws Exception {
        Options options =
                Options.parse(
                        "--outlets=loop",
                        "--clients=10",
                        "--events=2000",
                        "--rate=0",
                        "--deaf=1",
                        "--patience=2");
        Result loop = Crowd.run(options).getFirst();
        assertThat(loop.stoodStillAt()).as(loop.row()).isBetween(1, 1_999);
        assertThat(loop.isClean()).isFalse();
        assertThat(loop.row()).contains("stood still at event " + loop.stoodStillAt());
    }

    @Test
    void allThatIsPublishedComesWhereNobodyLeaves() throws Exception {
        Options options =
                Options.parse(
                        "--outlets=feed",
                        "--clients=20",
                        "--events=400",
                        "--rate=200",
                        "--capacity=512");
        Result feed = Crowd.run(options).getFirst();
        assertThat(feed.isClean()).as(feed.row()).isTrue();
        assertThat(feed.published()).isEqualTo(400);
        assertThat(feed.got().events()).isEqualTo(20 * 400);
    }

    @Test
    void anOptionThatIsNotAllowedIsRefusedWithWhatIs() throws Exception {
        assertThatThrownBy(() -> Options.parse("--outlets=feed,queue"))
                .hasMessageContaining("\"queue\" is none; allowed are [feed, loop, reactor]");
        assertThatThrownBy(() -> Options.parse("--clients=0"))
                .hasMessageContaining("\"0\" is not a whole number from 1 to 100000");
        assertThatThrownBy(() -> Options.parse("--rate=fast"))
                .hasMessageContaining("\"fast\" is not a number from 0 to 1000000");
        assertThatThrownBy(() -> Options.parse("--clients=10", "--deaf=4", "--reset=6"))
                .hasMessageContaining("10 of 10 clients together: at least one has to read");
    }

    @Test
    void whatOneProcessIsAskedForIsWhatTheProgramWasAskedFor() throws Exception {
        Options all = new Options(List.of("loop"), 10, 20, 2.5, 64, 1, 2, 3, 4, false);
        assertThat(Options.parse(all.argumentsFor("loop").toArray(String[]::new))).isEqualTo(all);
    }
}
