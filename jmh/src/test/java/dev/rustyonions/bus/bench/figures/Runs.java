package dev.rustyonions.bus.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files as runs of a benchmark write them. */
final class Runs {
    private Runs() {}

    /**
     * Runs that were measured on a processor of a machine.
     *
     * @param rows JSON objects; each {@code #} in them is the number of the run
     */
    static Measurement measurement(Path folder, String processor, String rows, int runs)
            throws IOException {
        List<Path> files = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            files.add(
                    Files.writeString(
                            folder.resolve("run-" + run + ".json"),
                            "[" + rows.replace("#", String.valueOf(run)) + "]"));
        }
        return Measurement.collect(
                new Measurement.Conditions(
                        processor, 2, "JDK 25", "Linux", "2026-01-02", "abc1234", "a command"),
                files);
    }

    static Measurement measurement(Path folder, String rows, int runs) throws IOException {
        return measurement(folder, "A processor", rows, runs);
    }
}
