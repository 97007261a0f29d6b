package dev.rustyonions.bus.soak;

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

import java.time.Duration;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param time how long to run
 * @param rate events a second on the main bus; 0 for as many as the publishers can
 * @param receivers how many stay for the whole run
 * @param capacity of the main bus
 * @param maxLoss what the receivers that stay may lose once warm, in percent
 * @param causes whether to say whose pause each lag was
 * @param narrow whether to run {@link Narrow} instead
 * @param help whether to print the usage instead
 */
record Options(
        Duration time,
        int rate,
        int receivers,
        int capacity,
        double maxLoss,
        boolean causes,
        boolean narrow,
        boolean help) {
    /** What has a meaning for the main bus alone, which {@code --narrow} leaves out. */
    private static final List<String> OF_THE_MAIN_BUS =
            List.of("--rate", "--receivers", "--capacity", "--max-loss", "--causes");

    /** What {@code --help} prints. */
    static final String USAGE = commandLine().getUsageMessage(Ansi.OFF).stripTrailing();

    /** An option that is not allowed; the message is for the user. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /** Takes {@code --option value} and {@code --option=value}. */
    static Options parse(String... args) throws Refused {
        ParseResult given;
        try {
            given = commandLine().parseArgs(args);
        } catch (ParameterException e) {
            throw new Refused(sentence(e));
        }
        boolean narrow = given.hasMatchedOption("--narrow");
        for (String option : OF_THE_MAIN_BUS) {
            if (narrow && given.hasMatchedOption(option)) {
                throw new Refused(
                        option + " does not go with --narrow; allowed with it is --minutes");
            }
        }
        int rate = given.matchedOptionValue("--rate", 100_000);
        boolean causes = given.hasMatchedOption("--causes");
        if (causes && rate == 0) {
            throw new Refused(
                    "--causes does not go with --rate 0; allowed with it are rates from 1 on,"
                            + " by which it knows how long a receiver was away");
        }
        if (causes && !ThreadTimes.available(Causes.THREADS)) {
            throw new Refused(
                    "--causes needs the times of threads in "
                            + Causes.THREADS
                            + ", which Linux has, and this system has not");
        }
        double minutes = given.matchedOptionValue("--minutes", 1.0);
        return new Options(
                Duration.ofMillis((long) (minutes * 60_000)),
                rate,
                given.matchedOptionValue("--receivers", 8),
                given.matchedOptionValue("--capacity", 4096),
                given.matchedOptionValue("--max-loss", 100.0),
                causes,
                narrow,
                given.isUsageHelpRequested());
    }

    private static CommandLine commandLine() {
        CommandSpec spec =
                CommandSpec.create()
                        .name("soak.sh")
                        .addOption(
                                // Also sizes an array, of a measurement every five seconds.
                                option("--minutes", "N", double.class)
                                        .converters(text -> number(text, 44_640))
                                        .description(
                                                "how long, fractions allowed, at most 44640, which"
                                                        + " are 31 days (default 1)")
                                        .build())
                        .addOption(
                                option("--rate", "N", int.class)
                                        .converters(text -> whole(text, 0, 1_000_000_000))
                                        .description(
                                                "events a second on the main bus, at most"
                                                        + " 1000000000, 0 for as many as the"
                                                        + " publishers can (default 100000); fail"
                                                        + " if once warm it is below 90 %% of N")
                                        .build())
                        .addOption(
                                option("--receivers", "N", int.class)
                                        .converters(text -> whole(text, 0, 10_000))
                                        .description(
                                                "receivers that stay for the whole run and do"
                                                        + " nothing but receive, 0 to 10000"
                                                        + " (default 8)")
                                        .build())
                        .addOption(
                                option("--capacity", "N", int.class)
                                        .converters(text -> whole(text, 1, 65_536))
                                        .description("of the main bus, 1 to 65536 (default 4096)")
                                        .build())
                        .addOption(
                                option("--max-loss", "P", double.class)
                                        .converters(text -> number(text, 100))
                                        .description(
                                                "fail if those receivers, once warm, lose more"
                                                        + " than P percent, 0 to 100 (default 100)")
                                        .build())
                        .addOption(
                                OptionSpec.builder("--causes")
                                        .description(
                                                "say whose pause each lag of those receivers was,"
                                                        + " once warm, and which capacity would"
                                                        + " have held; nobody then stalls on"
                                                        + " purpose, and the heap is not judged")
                                        .build())
                        .addOption(
                                OptionSpec.builder("--narrow")
                                        .description(
                                                "run ten publishers that wait and six receivers"
                                                        + " that lose nothing at a capacity of two"
                                                        + " instead; goes with --minutes only")
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
                        "Exit status: 0 if every account balances and the heap has not grown, 1 if"
                                + " not, 2 if the options are wrong.");
        return new CommandLine(spec)
                .setExpandAtFiles(false)
                .setPosixClusteredShortOptionsAllowed(false);
    }

    private static OptionSpec.Builder option(String name, String value, Class<?> type) {
        return OptionSpec.builder(name).paramLabel(value).type(type);
    }

    private static double number(String text, int to) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= to) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Refused below, as one out of range is.
        }
        throw new TypeConversionException(quoted(text) + " is not a number from 0 to " + to);
    }

    private static int whole(String text, int from, int to) {
        // Ten digits at most, so that it fits; a sign is not a digit.
        if (text.matches("[0-9]{1,10}")) {
            long number = Long.parseLong(text);
            if (from <= number && number <= to) {
                return (int) number;
            }
        }
        throw new TypeConversionException(
                quoted(text) + " is not a whole number from " + from + " to " + to);
    }

    /** What is wrong, in the words of this program. */
    private static String sentence(ParameterException e) {
        return switch (e) {
            case UnmatchedArgumentException unmatched ->
                    quoted(unmatched.getUnmatched().getFirst())
                            + " is not an option; allowed are --minutes, --rate, --receivers,"
                            + " --capacity, --max-loss, --causes, --narrow and --help";
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
}
