package dev.rustyonions.bus.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The demo as its user runs it: a process on the module path, judged by its last line and status.
 */
class DemoRunTest {
    private static final String MODULE = "dev.rustyonions.bus.demo/dev.rustyonions.bus.demo.";

    /** The last round of a run waits for what did not come in this time, however short it is. */
    private static final String SECONDS = Jvm.QUICK ? "1" : "3";

    private static final Pattern ACCOUNT =
            Pattern.compile(
                    "account: published=(\\d+) receivers=(\\d+) delivered=(\\d+) missed=(\\d+)"
                            + " kinds=health:(\\d+),config:(\\d+),crash:(\\d+),shutdown:(\\d+)"
                            + " balanced=yes");

    @Test
    void liveEventsAloneOfAllFourKindsReachEveryReceiverAndBalance() throws Exception {
        Jvm.Outcome outcome = start("Demo", "--seconds", SECONDS).outcome();

        Matcher account = account(outcome);
        assertEquals(4, number(account, 2));
        assertEquals(number(account, 3), kinds(account), "only live events were published");
    }

    @Test
    void underALoadThatOverwritesEverythingAllFourKindsStillArriveAndTheAccountBalances()
            throws Exception {
        Jvm.Outcome outcome =
                start("Demo", "--seconds", SECONDS, "--rate", "max", "--capacity", "2").outcome();

        Matcher account = account(outcome);
        assertTrue(number(account, 4) > 0, "a load flat out must cost messages");
        assertTrue(
                number(account, 3) > kinds(account),
                "the load must be told apart from live events");
    }

    @Test
    void anInterruptEndsItWithTheAccountAndItsStatus() throws Exception {
        Jvm demo = start("Demo", "--seconds", "600");
        Awaitility.await().until(() -> sawHealth(demo));
        demo.interrupt();

        account(demo.outcome());
    }

    @Test
    void aBadArgumentGetsOneLineAndStatus2() throws Exception {
        Jvm.Outcome outcome = start("Demo", "--seconds", "soon").outcome();

        assertEquals(
                List.of("demo: --seconds: \"soon\" is not a whole number from 1 to 86400"),
                outcome.lines());
        assertEquals(2, outcome.status());
    }

    @Test
    void helpIsPrintedWithStatus0() throws Exception {
        Jvm.Outcome outcome = start("Demo", "--help").outcome();

        assertEquals(Arguments.USAGE, String.join("\n", outcome.lines()));
        assertEquals(0, outcome.status());
    }

    @Test
    void theSmokeProgramReceivesAllItPublishes() throws Exception {
        Jvm.Outcome outcome = start("PublishSmoke").outcome();

        assertEquals(List.of("published=1000 received=1000 missed=0"), outcome.lines());
        assertEquals(0, outcome.status());
    }

    private static Jvm start(String program, String... arguments) throws IOException {
        return Jvm.start(Jvm.DEMO, MODULE + program, arguments);
    }

    private static boolean sawHealth(Jvm demo) throws IOException {
        return demo.lines().stream().anyMatch(line -> line.contains("health jvm."));
    }

    /** The account, which must balance, over every receiver. */
    private static Matcher account(Jvm.Outcome outcome) {
        Matcher account = ACCOUNT.matcher(outcome.last());
        assertTrue(account.matches(), () -> String.join("\n", outcome.lines()));
        assertEquals(0, outcome.status(), () -> String.join("\n", outcome.lines()));
        assertEquals(
                number(account, 1) * number(account, 2), number(account, 3) + number(account, 4));
        for (int kind = 5; kind <= 8; kind++) {
            assertTrue(number(account, kind) > 0, outcome.last());
        }
        return account;
    }

    private static long kinds(Matcher account) {
        return number(account, 5) + number(account, 6) + number(account, 7) + number(account, 8);
    }

    private static long number(Matcher account, int group) {
        return Long.parseLong(account.group(group));
    }
}
