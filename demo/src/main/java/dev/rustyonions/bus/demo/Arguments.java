package dev.rustyonions.bus.demo;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.OptionalInt;

/**
 * What the command line asks for.
 *
 * @param seconds how long to run
 * @param receivers how many, the slow one included
 * @param rate synthetic events a second; 0 for none, {@link #FLAT_OUT} for as many as possible
 * @param capacity the bus's capacity; empty to leave it to the bus
 * @param metrics the port to serve metrics at; empty for none
 * @param web the port to serve the console at; empty for none
 * @param help whether to print the usage instead
 */
record Arguments(
        int seconds,
        int receivers,
        long rate,
        OptionalInt capacity,
        OptionalInt metrics,
        OptionalInt web,
        boolean help) {
    /** The rate written {@code max}. */
    static final long FLAT_OUT = -1;

    /** In seconds. */
    private static final int DAY = 86_400;

    /** With a page to look at there is something to see from the start. */
    private static final long WEB_RATE = 200;

    /** What {@code --help} prints. */
    static final String USAGE = commandLine().getUsageMessage(Ansi.OFF).stripTrailing();

    /** An argument that is not allowed; the message is for the user. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /** Takes {@code --option value} and {@code --option=value}. */
    static Arguments parse(String... args) throws Refused {
        ParseResult given;
        try {
            given = commandLine().parseArgs(args);
        } catch (ParameterException e) {
            throw new Refused(sentence(e));
        }
        OptionalInt web = given.matchedOptionValue("--web", OptionalInt.empty());
        return new Arguments(
                given.<Integer>matchedOptionValue("--seconds", web.isPresent() ? DAY : 10),
                given.<Integer>matchedOptionValue("--receivers", 4),
                given.<Long>matchedOptionValue("--rate", web.isPresent() ? WEB_RATE : 0),
                given.matchedOptionValue("--capacity", OptionalInt.empty()),
                given.matchedOptionValue("--metrics", OptionalInt.empty()),
                web,
                given.isUsageHelpRequested());
    }

    private static CommandLine commandLine() {
        CommandSpec spec =
                CommandSpec.create()
                        .name("demo.sh")
                        .addOption(
                                option("--seconds", "N", int.class)
                                        .converters(text -> whole(text, 1, DAY))
                                        .description(
                                                "how long to run, 1 to 86400 (default 10, with"
                                                        + " --web 86400); Ctrl-C ends it earlier")
                                        .build())
                        .addOption(
                                option("--receivers", "N", int.class)
                                        .converters(text -> whole(text, 1, 10_000))
                                        .description(
                                                "how many receivers, 1 to 10000 (default 4);"
                                                        + " the first one is slow")
                                        .build())
                        .addOption(
                                option("--rate", "N|max", long.class)
                                        .converters(Arguments::rateOf)
                                        .description(
                                                "synthetic events a second beside the live ones,"
                                                        + " 0 to 1000000000, or flat out"
                                                        + " (default 0, with --web 200)")
                                        .build())
                        .addOption(
                                option("--capacity", "N", OptionalInt.class)
                                        .converters(text -> OptionalInt.of(whole(text, 1, 65_536)))
                                        .description(
                                                "messages the bus retains, 1 to 65536, rounded up"
                                                        + " to a power of two from 2 up (default:"
                                                        + " the bus chooses by the number of"
                                                        + " receivers)")
                                        .build())
                        .addOption(
                                option("--metrics", "PORT", OptionalInt.class)
                                        .converters(text -> OptionalInt.of(whole(text, 0, 65_535)))
                                        .description(
                                                "serve metrics for Prometheus at",
                                                "http://localhost:PORT/metrics, 0 to 65535,",
                                                "0 for any free port (default: do not)")
                                        .build())
                        .addOption(
                                option("--web", "PORT", OptionalInt.class)
                                        .converters(text -> OptionalInt.of(whole(text, 0, 65_535)))
                                        .description(
                                                "serve the console, with controls of the demo, at",
                                                "http://localhost:PORT/, 0 to 65535,",
                                                "0 for any free port (default: do not)")
                                        .build())
                        .addOption(
                                OptionSpec.builder("-h", "--help")
                                        .usageHelp(true)
                                        .description("print this")
                                        .build());
        spec.usageMessage()
                .sortOptions(false)
                .footer(
                        "",
                        "Exit status: 0 if the account balances for every receiver and each kind"
                                + " of event arrived, 1 if not, 2 if the arguments are wrong.");
        return new CommandLine(spec)
                .setExpandAtFiles(false)
                .setPosixClusteredShortOptionsAllowed(false);
    }

    private static OptionSpec.Builder option(String name, String value, Class<?> type) {
        return OptionSpec.builder(name).paramLabel(value).type(type);
    }

    private static long rateOf(String text) {
        return text.equals("max") ? FLAT_OUT : number(text, 0, 1_000_000_000, " or max");
    }

    private static int whole(String text, int from, int to) {
        return (int) number(text, from, to, "");
    }

    private static long number(String text, int from, int to, String or) {
        // Ten digits at most, so that it fits; a sign is not a digit.
        if (text.matches("[0-9]{1,10}")) {
            long number = Long.parseLong(text);
            if (from <= number && number <= to) {
                return number;
            }
        }
        throw new TypeConversionException(
                quoted(text) + " is not a whole number from " + from + " to " + to + or);
    }

    /** What is wrong, in the words of this program. */
    private static String sentence(ParameterException e) {
        return switch (e) {
            case UnmatchedArgumentException unmatched ->
                    quoted(unmatched.getUnmatched().getFirst())
                            + " is not an option; allowed are --seconds,"
                            + " --receivers, --rate, --capacity, --metrics, --web and --help";
            case MissingParameterException missing ->
                    name(missing.getMissing().getFirst()) + " needs a value";
            case OverwrittenOptionException twice ->
                    name(twice.getOverwritten()) + " is given twice";
            default ->
                    e.getArgSpec() != null && e.getCause() instanceof TypeConversionException wrong
                            ? name(e.getArgSpec()) + ": " + wrong.getMessage()
                            : String.valueOf(e.getMessage());
        };
    }

    private static String name(ArgSpec option) {
        return ((OptionSpec) option).longestName();
    }

    /** In one line and not long, whatever was given. */
    private static String quoted(String text) {
        String shown = text.length() > 64 ? text.substring(0, 64) : text;
        return '"'
                + shown.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?")
                + '"'
                + (text.length() > 64 ? "... (" + text.length() + " characters)" : "");
    }

    /** The rate for people to read. */
    String rateText() {
        return rate == FLAT_OUT ? "max" : rate + "/s";
    }
}
