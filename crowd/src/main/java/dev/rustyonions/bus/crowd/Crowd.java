package dev.rustyonions.bus.crowd;

import java.util.ArrayList;
import java.util.List;

/** Tries each outlet that is asked for, in a process of its own, and prints a table. */
public final class Crowd {
    /** What each outlet gets. */
    private static final List<String> OUTLET_OPTIONS = List.of("-Xmx2g");

    private Crowd() {}

    public static void main(String[] args) {
        Options options;
        try {
            options = Options.parse(args);
        } catch (Options.Refused e) {
            System.err.println("crowd: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.println(Options.USAGE);
            return;
        }
        System.out.printf(
                "%,d clients: %,d read to the end, %,d never read, %,d reset, %,d vanish;"
                        + " %,d events %s, capacity %,d%n%n",
                options.clients(),
                options.reading(),
                options.deaf(),
                options.reset(),
                options.vanish(),
                options.events(),
                options.rate() == 0 ? "at once" : "at " + options.rate() + " a second",
                options.capacity());
        System.out.println(Result.HEAD);
        boolean clean = true;
        for (Result result : run(options)) {
            clean &= result.isClean() || !result.outlet().equals("feed");
        }
        System.exit(clean ? 0 : 1);
    }

    /** Tries the outlets, and prints a row for each when it is done. */
    static List<Result> run(Options options) {
        List<Result> results = new ArrayList<>();
        for (String outlet : options.outlets()) {
            try (Other process =
                    new Other(OutletRun.class, OUTLET_OPTIONS, options.argumentsFor(outlet))) {
                Result result = Result.parse(process.hear());
                System.out.println(result.row());
                results.add(result);
            }
        }
        return results;
    }
}
