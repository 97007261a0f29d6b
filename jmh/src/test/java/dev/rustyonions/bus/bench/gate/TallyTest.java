package dev.rustyonions.bus.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What a run's verdicts make of its last line and its exit status. */
class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void aRunWithoutAMissSucceedsAndAStrictOneOnlyIfAllIsDecided() {
        tally.add("publish", Verdict.MET, true);
        assertEquals(0, tally.exitStatus(false));
        assertEquals(0, tally.exitStatus(true));
        tally.add("drain", Verdict.UNDECIDED, true);
        assertEquals(0, tally.exitStatus(false));
        assertEquals(2, tally.exitStatus(true));
    }

    @Test
    void aMissFailsEveryRunWhateverElseIsUndecided() {
        tally.add("drain", Verdict.UNDECIDED, true);
        tally.add("publish", Verdict.MISSED, true);
        assertEquals(1, tally.exitStatus(false));
        assertEquals(1, tally.exitStatus(true));
    }

    @Test
    void aFigureThatIsOnlyReportedFailsNoRun() {
        tally.add("contended-2", Verdict.MISSED, false);
        tally.add("contended-4", Verdict.UNDECIDED, false);
        assertEquals(0, tally.exitStatus(false));
        assertEquals(0, tally.exitStatus(true));
    }

    @Test
    void theLastLineCountsTheVerdictsAndNamesWhatWasNotMet() {
        tally.add("publish", Verdict.MET, true);
        tally.add("drain", Verdict.MISSED, true);
        tally.add("subscribe", Verdict.MISSED, true);
        tally.add("edge", Verdict.UNDECIDED, true);
        tally.add("create-ns", Verdict.MET, false);
        assertEquals(
                "perf gate: 1 met, 2 missed (drain, subscribe), 1 undecided (edge);"
                        + " 1 only reported",
                tally.summary());
    }

    @Test
    void aRunInWhichAllIsMetSaysSo() {
        tally.add("publish", Verdict.MET, true);
        assertEquals("perf gate: 1 met, 0 missed, 0 undecided; 0 only reported", tally.summary());
    }
}
