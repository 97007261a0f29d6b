package dev.rustyonions.bus.demo;

import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param seconds how long to run
 * @param receivers how many, the slow one included
 * @param rate synthetic events a second; 0 for none, {@link #FLAT_OUT} for as many as possible
 * @param capacity the bus's capacity; empty to leave it to the bus
 * @param metrics the port to serve metrics at; empty for none
 * @param help whether to print the usage instead
 */
record Arguments(
        int seconds,
        int receivers,
        long rate,
        OptionalInt capacity,
        OptionalInt metrics,
        boolean help) {
    /** The rate written {@code max}. */
    static final long FLAT_OUT = -1;

    static final String USAGE =
            """
            usage: demo.sh [--seconds N] [--receivers N] [--rate N|max] [--capacity N]
                            [--metrics PORT] [--help]

              --seconds N    how long to run, 1 to 86400 (default 10); Ctrl-C ends it earlier
              --receivers N  how many receivers, 1 to 10000 (default 4); the first one is slow
              --rate N|max   synthetic events a second beside the live ones, 0 to 1000000000,
                             or flat out (default 0)
              --capacity N   messages the bus retains, 1 to 65536, rounded up to a power of two
                             from 2 up (default: the bus chooses by the number of receivers)
              --metrics PORT serve metrics for Prometheus at http://localhost:PORT/metrics,
                             0 to 65535, 0 for any free port (default: do not)
              --help         print this

            Exit status: 0 if the account balances for every receiver and each kind of event
            arrived, 1 if not, 2 if the arguments are wrong.""";

    /** An argument that is not allowed; the message is for the user. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /** Takes {@code --option value} and {@code --option=value}. */
    static Arguments parse(String... args) throws Refused {
        int seconds = 10;
        int receivers = 4;
        long rate = 0;
        OptionalInt capacity = OptionalInt.empty();
        OptionalInt metrics = OptionalInt.empty();
        Set<String> given = new HashSet<>();
        for (int i = 0; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            String option = equals < 0 ? args[i] : args[i].substring(0, equals);
            switch (option) {
                case "--help", "-h" -> {
                    return new Arguments(seconds, receivers, rate, capacity, metrics, true);
                }
                case "--seconds", "--receivers", "--rate", "--capacity", "--metrics" -> {}
                default ->
                        throw new Refused(
                                quoted(args[i])
                                        + " is not an option; allowed are --seconds,"
                                        + " --receivers, --rate, --capacity, --metrics and --help");
            }
            if (!given.add(option)) {
                throw new Refused(option + " is given twice");
            }
            if (equals < 0 && i + 1 == args.length) {
                throw new Refused(option + " needs a value");
            }
            String value = equals < 0 ? args[++i] : args[i].substring(equals + 1);
            switch (option) {
                case "--seconds" -> seconds = (int) number(option, value, 1, 86_400, "");
                case "--receivers" -> receivers = (int) number(option, value, 1, 10_000, "");
                case "--rate" ->
                        rate =
                                value.equals("max")
                                        ? FLAT_OUT
                                        : number(option, value, 0, 1_000_000_000, " or max");
                case "--metrics" ->
                        metrics = OptionalInt.of((int) number(option, value, 0, 65_535, ""));
                default -> capacity = OptionalInt.of((int) number(option, value, 1, 65_536, ""));
            }
        }
        return new Arguments(seconds, receivers, rate, capacity, metrics, false);
    }

    private static long number(String option, String value, long from, long to, String or)
            throws Refused {
        // Ten digits at most, so that it fits; a sign is not a digit.
        if (value.matches("[0-9]{1,10}")) {
            long number = Long.parseLong(value);
            if (from <= number && number <= to) {
                return number;
            }
        }
        throw new Refused(
                option
                        + (": " + quoted(value) + " is not a whole number from ")
                        + (from + " to " + to + or));
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
