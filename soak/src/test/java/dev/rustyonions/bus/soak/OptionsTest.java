package dev.rustyonions.bus.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class OptionsTest {
    @Test
    void withoutOptionsTheDefaultsHold() throws Exception {
        assertEquals(
                new Options(Duration.ofMinutes(1), 100_000, 8, 4096, 100, false, false, false),
                Options.parse());
    }

    @Test
    void eachOptionSetsItsOwnValueInEitherSpelling() throws Exception {
        Options expected =
                new Options(Duration.ofSeconds(15), 1_000, 2, 64, 0.5, false, false, false);

        assertEquals(
                expected,
                parse("--minutes 0.25 --rate 1000 --receivers 2 --capacity 64 --max-loss 0.5"));
        assertEquals(
                expected,
                parse("--max-loss=0.5 --capacity=64 --receivers=2 --rate=1000 --minutes=0.25"));
    }

    @Test
    void theNarrowRunHasNoOptionButItsTime() throws Exception {
        assertTrue(parse("--narrow --minutes 120").narrow());
        Options.Refused refused =
                assertThrows(Options.Refused.class, () -> parse("--narrow --capacity 4"));
        assertEquals(
                "--capacity does not go with --narrow; allowed with it is --minutes",
                refused.getMessage());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void causesNeedARateToTellHowLongAReceiverWasAway() throws Exception {
        assertTrue(parse("--causes --rate 1000000").causes());
        Options.Refused refused =
                assertThrows(Options.Refused.class, () -> parse("--rate 0 --causes"));
        assertEquals(
                "--causes does not go with --rate 0; allowed with it are rates from 1 on, by which"
                        + " it knows how long a receiver was away",
                refused.getMessage());
    }

    @Test
    void helpIsUnderstoodAndNamesEveryOption() throws Exception {
        assertTrue(parse("--help").help());
        for (String option :
                new String[] {
                    "--minutes",
                    "--rate",
                    "--receivers",
                    "--capacity",
                    "--max-loss",
                    "--causes",
                    "--narrow"
                }) {
            assertTrue(Options.USAGE.contains(option), option);
        }
        assertTrue(Options.USAGE.contains("below 90 % of N"), Options.USAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--minutes 0 | --minutes 44640",
                "--rate 0 | --rate 1000000000",
                "--receivers 0 | --receivers 10000",
                "--capacity 1 | --capacity 65536",
                "--max-loss 0 | --max-loss 100"
            })
    void theEndsOfEachRangeAreAllowed(String lowest, String highest) throws Exception {
        parse(lowest);
        parse(highest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--receivers 2.7 | --receivers: \"2.7\" is not a whole number from 0 to 10000",
                "--receivers -1 | --receivers: \"-1\" is not a whole number from 0 to 10000",
                "--receivers 10001 | --receivers: \"10001\" is not a whole number from 0 to 10000",
                "--rate 1e3 | --rate: \"1e3\" is not a whole number from 0 to 1000000000",
                "--capacity 0 | --capacity: \"0\" is not a whole number from 1 to 65536",
                "--capacity= | --capacity: \"\" is not a whole number from 1 to 65536",
                "--minutes NaN | --minutes: \"NaN\" is not a number from 0 to 44640",
                "--minutes -1 | --minutes: \"-1\" is not a number from 0 to 44640",
                "--max-loss 100.1 | --max-loss: \"100.1\" is not a number from 0 to 100",
                "--max-loss some | --max-loss: \"some\" is not a number from 0 to 100",
                "--minutes | --minutes needs a value",
                "--rate 1 --rate=2 | --rate is given twice",
                "-x | \"-x\" is not an option; allowed are --minutes, --rate, --receivers,"
                        + " --capacity, --max-loss, --causes, --narrow and --help"
            })
    void whatIsNotAllowedIsRefusedInOneLineThatSaysWhatIs(String line, String message) {
        Options.Refused refused = assertThrows(Options.Refused.class, () -> parse(line));

        assertEquals(message, refused.getMessage());
    }

    private static Options parse(String line) throws Options.Refused {
        return Options.parse(line.split(" "));
    }
}
