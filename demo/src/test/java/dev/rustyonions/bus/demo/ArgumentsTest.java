package dev.rustyonions.bus.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.OptionalInt;

class ArgumentsTest {
    @Test
    void withoutArgumentsTheDefaultsHold() throws Exception {
        assertEquals(
                new Arguments(
                        10,
                        4,
                        0,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        false),
                Arguments.parse());
    }

    @Test
    void eachOptionSetsItsOwnValueInEitherSpelling() throws Exception {
        Arguments expected =
                new Arguments(
                        3,
                        8,
                        1_000_000,
                        OptionalInt.of(512),
                        OptionalInt.of(9464),
                        OptionalInt.of(8080),
                        false);

        assertEquals(
                expected,
                parse(
                        "--seconds 3 --receivers 8 --rate 1000000 --capacity 512 --metrics 9464"
                                + " --web 8080"));
        assertEquals(
                expected,
                parse(
                        "--web=8080 --metrics=9464 --capacity=512 --rate=1000000 --receivers=8"
                                + " --seconds=3"));
    }

    @Test
    void flatOutIsARateOfItsOwn() throws Exception {
        assertEquals(Arguments.FLAT_OUT, parse("--rate max").rate());
        assertEquals(0, parse("--rate 0").rate());
    }

    @Test
    void withAPageToLookAtItRunsForADayUnderSomeLoadUnlessToldOtherwise() throws Exception {
        assertEquals(86_400, parse("--web 0").seconds());
        assertEquals(200, parse("--web 0").rate());
        assertEquals(5, parse("--web 0 --seconds 5").seconds());
        assertEquals(0, parse("--rate 0 --web 0").rate());
    }

    @Test
    void helpIsUnderstoodAndNamesEveryOption() throws Exception {
        assertTrue(parse("--help").help());
        assertTrue(parse("--seconds 3 -h").help());
        for (String option :
                new String[] {
                    "--seconds", "--receivers", "--rate", "--capacity", "--metrics", "--web"
                }) {
            assertTrue(Arguments.USAGE.contains(option), option);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--seconds 1 | --seconds 86400",
                "--receivers 1 | --receivers 10000",
                "--rate 0 | --rate 1000000000",
                "--capacity 1 | --capacity 65536",
                "--metrics 0 | --metrics 65535",
                "--web 0 | --web 65535"
            })
    void theEndsOfEachRangeAreAllowed(String lowest, String highest) throws Exception {
        parse(lowest);
        parse(highest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--seconds 0 | --seconds: \"0\" is not a whole number from 1 to 86400",
                "--seconds 86401 | --seconds: \"86401\" is not a whole number from 1 to 86400",
                "--seconds 1.5 | --seconds: \"1.5\" is not a whole number from 1 to 86400",
                "--seconds= | --seconds: \"\" is not a whole number from 1 to 86400",
                "--receivers -1 | --receivers: \"-1\" is not a whole number from 1 to 10000",
                "--receivers 10001 | --receivers: \"10001\" is not a whole number from 1 to 10000",
                "--rate fast | --rate: \"fast\" is not a whole number from 0 to 1000000000 or max",
                "--rate 1000000001"
                        + " | --rate: \"1000000001\" is not a whole number from 0 to"
                        + " 1000000000 or max",
                "--capacity 0 | --capacity: \"0\" is not a whole number from 1 to 65536",
                "--capacity 65537 | --capacity: \"65537\" is not a whole number from 1 to 65536",
                "--capacity 99999999999999999999"
                        + " | --capacity: \"99999999999999999999\" is not a whole number from"
                        + " 1 to 65536",
                "--metrics 65536 | --metrics: \"65536\" is not a whole number from 0 to 65535",
                "--capacity | --capacity needs a value",
                "--rate 1 --rate=2 | --rate is given twice",
                "--capacity --rate 3 | --capacity needs a value",
                "-x | \"-x\" is not an option; allowed are"
                        + " --seconds, --receivers, --rate, --capacity, --metrics, --web"
                        + " and --help",
                "5 | \"5\" is not an option; allowed are"
                        + " --seconds, --receivers, --rate, --capacity, --metrics, --web"
                        + " and --help"
            })
    void whatIsNotAllowedIsRefusedInOneLineThatSaysWhatIs(String line, String message) {
        Arguments.Refused refused = assertThrows(Arguments.Refused.class, () -> parse(line));

        assertEquals(message, refused.getMessage());
    }

    @Test
    void whatIsRefusedIsQuotedInOneLineThatIsNotLong() {
        String escape = "\u001b[31m\n\u2028";

        assertEquals(
                "--seconds: \"?[31m??\" is not a whole number from 1 to 86400",
                assertThrows(Arguments.Refused.class, () -> Arguments.parse("--seconds", escape))
                        .getMessage());
        assertEquals(
                "\""
                        + "x".repeat(64)
                        + "\"... (100000 characters) is not an option; allowed are"
                        + " --seconds, --receivers, --rate, --capacity, --metrics, --web and"
                        + " --help",
                assertThrows(Arguments.Refused.class, () -> Arguments.parse("x".repeat(100_000)))
                        .getMessage());
    }

    private static Arguments parse(String line) throws Arguments.Refused {
        return Arguments.parse(line.split(" "));
    }
}
