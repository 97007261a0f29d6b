package dev.rustyonions.bus.bench.figures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file of figures: the measurements of one benchmark, one for each processor and JDK.
 *
 * @param measurements in the order in which they came; one on a processor and JDK that is there
 *     already takes the old one's place
 */
record Figures(List<Measurement> measurements) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where the figures of a name are kept. */
    static Path file(Path folder, String name) {
        return folder.resolve(name + ".json");
    }

    /** What {@link #write} wrote; none if there is no such file. */
    static Figures read(Path file) throws IOException {
        List<Measurement> measurements = new ArrayList<>();
        if (Files.exists(file)) {
            for (JsonNode measurement : JSON.readTree(file.toFile())) {
                measurements.add(Measurement.parse(measurement));
            }
        }
        return new Figures(measurements);
    }

    /** Writes JSON. */
    void write(Path file) throws IOException {
        Files.writeString(
                file,
                measurements.stream()
                        .map(Measurement::json)
                        .collect(Collectors.joining(", ", "[", "]\n")));
    }

    /** With one more measurement, or with it in the place of the one on the same machine. */
    Figures with(Measurement measurement) {
        List<Measurement> all = new ArrayList<>();
        boolean replaced = false;
        for (Measurement old : measurements) {
            boolean same = old.conditions().areOn(measurement.conditions());
            if (!same) {
                all.add(old);
            } else if (!replaced) {
                all.add(measurement);
            }
            replaced |= same;
        }
        if (!replaced) {
            all.add(measurement);
        }
        return new Figures(all);
    }
}
