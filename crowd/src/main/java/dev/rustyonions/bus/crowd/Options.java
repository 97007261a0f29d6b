package dev.rustyonions.bus.crowd;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

import java.util.ArrayList;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param outlets those to try, one after the other
 * @param clients how many, all kinds together
 * @param events how many are published
 * @param rate events a second; 0 for as many as the outlet takes
 * @param capacity events that a client may be behind
 * @param deaf clients that never read
 * @param reset clients that break off after a quarter of the events
 * @param vanish clients whose process is killed after half of the events
 * @param patience after how many seconds without progress an outlet counts as standing still
 * @param help whether to print the usage instead
 */
record Options(
        List<String> outlets,
        int clients,
        int events,
        double rate,
        int capacity,
        int deaf,
        int reset,
        int vanish,
        int patience,
        boolean help) {
    static final List<String> ALL = List.of("feed", "loop", "reactor");

    /** What {@code --help} prints. */
    static final String USAGE = commandLine().getUsageMessage(Ansi.OFF).stripTrailing();

    /** An option that is not allowed; the message is for the user. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /** Clients that read to the end. */
    int reading() {
        return clients - deaf - reset - vanish;
    }

    /** Takes {@code --option value} and {@code --option=value}. */
    static Options parse(String... args) throws Refused {
        Options options;
        try {
            ParseResult given = commandLine().parseArgs(args);
            options =
                    new Options(
                            List.of(given.matchedOptionValue("--outlets", "feed").split(",", -1)),
                            given.matchedOptionValue("--clients", 1_000),
                            given.matchedOptionValue("--events", 200),
                            given.matchedOptionValue("--rate", 10.0),
                            given.matchedOptionValue("--capacity", 1024),
                            given.matchedOptionValue("--deaf", 0),
                            given.matchedOptionValue("--reset", 0),
                            given.matchedOptionValue("--vanish", 0),
                            given.matchedOptionValue("--patience", 20),
                            given.isUsageHelpRequested());
        } catch (ParameterException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
        for (String outlet : options.outlets) {
            if (!ALL.contains(outlet)) {
                throw new Refused(
                        "--outlets: \""
                                + outlet
                                + "\" is none; allowed are "
                                + ALL
                                + ", by commas");
            }
        }
        if (options.reading() < 1) {
            throw new Refused(
                    "--deaf, --reset and --vanish are "
                            + (options.clients - options.reading())
                            + " of "
                            + options.clients
                            + " clients together: at least one has to read to the end");
        }
        return options;
    }

    /** Arguments that ask for the same of one outlet. */
    List<String> argumentsFor(String outlet) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--outlets=" + outlet);
        arguments.add("--clients=" + clients);
        arguments.add("--events=" + events);
        arguments.add("--rate=" + rate);
        arguments.add("--capacity=" + capacity);
        arguments.add("--deaf=" + deaf);
        arguments.add("--reset=" + reset);
        arguments.add("--vanish=" + vanish);
        arguments.add("--patience=" + patience);
        return arguments;
    }

    private static CommandLine commandLine() {
        CommandSpec spec =
                CommandSpec.create()
                        .name("crowd.sh")
                        .addOption(
                                OptionSpec.builder("--outlets")
                                        .paramLabel("A,B")
                                        .type(String.class)
                                        .description(
                                                "what to try, one after the other: feed, loop,"
                                                        + " reactor (default feed)")
                                        .build())
                        .addOption(whole("--clients", 1, 100_000, "all kinds together", "1000"))
                        .addOption(whole("--events", 4, 1_000_000, "to publish", "200"))
                        .addOption(
                                OptionSpec.builder("--rate")
                                        .paramLabel("N")
                                        .type(double.class)
                                        .converters(Options::rate)
                                        .description(
                                                "events a second, 0 for as many as the outlet takes"
                                                        + " (default 10)")
                                        .build())
                        .addOption(
                                whole(
                                        "--capacity",
                                        1,
                                        65_536,
                                        "events that a client may be behind",
                                        "1024"))
                        .addOption(whole("--deaf", 0, 100_000, "clients that never read", "0"))
                        .addOption(
                                whole(
                                        "--reset",
                                        0,
                                        100_000,
                                        "clients that break off after a quarter of the events",
                                        "0"))
                        .addOption(
                                whole(
                                        "--vanish",
                                        0,
                                        100_000,
                                        "clients whose process is killed after half of the events",
                                        "0"))
                        .addOption(
                                whole(
                                        "--patience",
                                        1,
                                        600,
                                        "seconds without progress after which an outlet counts as"
                                                + " standing still",
                                        "20"))
                        .addOption(
                                OptionSpec.builder("-h", "--help")
                                        .usageHelp(true)
                                        .description("print this")
                                        .build());
        spec.usageMessage()
                .sortOptions(false)
                .footer(
                        "",
                        "Exit status: 0 if the feed was tried and lost nothing and left no"
                                + " receiver, or was not tried; 1 if not; 2 if the options are"
                                + " wrong.");
        return new CommandLine(spec).setExpandAtFiles(false);
    }

    private static OptionSpec whole(String name, int from, int to, String what, String otherwise) {
        return OptionSpec.builder(name)
                .paramLabel("N")
                .type(int.class)
                .converters(text -> whole(text, from, to))
                .description(what + ", " + from + " to " + to + " (default " + otherwise + ")")
                .build();
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
                '"' + text + "\" is not a whole number from " + from + " to " + to);
    }

    private static double rate(String text) {
        try {
            double rate = Double.parseDouble(text);
            if (0 <= rate && rate <= 1e6) {
                return rate;
            }
        } catch (NumberFormatException e) {
            // Refused below, as one out of range is.
        }
        throw new TypeConversionException('"' + text + "\" is not a number from 0 to 1000000");
    }
}
