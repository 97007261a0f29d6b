package dev.rustyonions.bus.soak;

import java.time.Duration;

/** What the command line asks for. */
record Options(Duration time, long rate, int receivers, int capacity, double maxLoss) {
    static final String USAGE =
            """
            --minutes N      how long, fractions allowed (1)
            --rate N         events a second on the main bus, 0 for as many as the publishers can (100000);
                             fail if once warm it is below 90 % of N
            --receivers N    receivers that stay for the whole run and do nothing but receive (8)
            --capacity N     of the main bus (4096)
            --max-loss P     fail if those receivers, once warm, lose more than P percent (100)
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
                throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
            }
            double value = number(option, args[i + 1]);
            switch (option) {
                case "--minutes" -> minutes = value;
                case "--rate" -> rate = (long) value;
                case "--receivers" -> receivers = (int) value;
                case "--capacity" -> capacity = (int) value;
                case "--max-loss" -> maxLoss = value;
                default -> throw new IllegalArgumentException("no option " + option + "\n" + USAGE);
            }
        }
        Duration time = Duration.ofMillis((long) (minutes * 60_000));
        return new Options(time, rate, receivers, capacity, maxLoss);
    }

    private static double number(String option, String text) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Refused below, as a negative one is.
        }
        throw new IllegalArgumentException(
                option + ": \"" + text + "\" is not a number from 0 up\n" + USAGE);
    }
}
