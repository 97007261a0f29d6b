package dev.rustyonions.bus.soak;

import java.time.Duration;

/** What the command line asks for. */
record Options(Duration time, long rate, int receivers, int capacity, double maxLoss) {
    static final String USAGE =
            """
            --minutes N      how long, fractions allowed, at most 44640, which are 31 days (1)
            --rate N         events a second on the main bus, 0 for as many as the publishers can (100000),
                             at most 1000000000; fail if once warm it is below 90 % of N
            --receivers N    receivers that stay for the whole run and do nothing but receive,
                             0 to 10000 (8)
            --capacity N     of the main bus, 1 to 65536 (4096)
            --max-loss P     fail if those receivers, once warm, lose more than P percent, 0 to 100 (100)
            """;

    static Options parse(String[] args) {
        double minutes = 1;
        long rate = 100_000;
        int receivers = 8;
        int capacity = 4096;
        double maxLoss = 100;
        for (int i = 0; i < args.length; i += 2) {
            String option = args[i];
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(quoted(option) + " needs a value\n" + USAGE);
            }
            String value = args[i + 1];
            switch (option) {
                // Also sizes an array, of a measurement every five seconds.
                case "--minutes" -> minutes = number(option, value, 44_640);
                case "--rate" -> rate = wholeNumber(option, value, 0, 1_000_000_000);
                case "--receivers" -> receivers = wholeNumber(option, value, 0, 10_000);
                case "--capacity" -> capacity = wholeNumber(option, value, 1, 65_536);
                case "--max-loss" -> maxLoss = number(option, value, 100);
                default ->
                        throw new IllegalArgumentException(
                                quoted(option) + " is not an option\n" + USAGE);
            }
        }
        Duration time = Duration.ofMillis((long) (minutes * 60_000));
        return new Options(time, rate, receivers, capacity, maxLoss);
    }

    private static double number(String option, String text, int to) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= to) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Refused below, as one out of range is.
        }
        throw refused(option, text, "a number from 0 to " + to);
    }

    private static int wholeNumber(String option, String text, int from, int to) {
        // Ten digits at most, so that it fits; a sign is not a digit.
        if (text.matches("[0-9]{1,10}")) {
            long number = Long.parseLong(text);
            if (from <= number && number <= to) {
                return (int) number;
            }
        }
        throw refused(option, text, "a whole number from " + from + " to " + to);
    }

    private static IllegalArgumentException refused(String option, String text, String allowed) {
        return new IllegalArgumentException(
                option + ": " + quoted(text) + " is not " + allowed + "\n" + USAGE);
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
