package dev.rustyonions.bus.bench.figures;

import dev.rustyonions.bus.bench.Report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keeps figures, and makes of them what documents show. */
public final class FiguresCommand {
    /** The command that makes tables and pictures anew. */
    static final String COMMAND = "scripts/figures.sh";

    /** Where figures and pictures are, from the root of the project. */
    static final String FOLDER = "docs/figures";

    /** The document that has tables of figures. */
    static final String DOCUMENT = "PERF.md";

    private FiguresCommand() {}

    /**
     * {@code collect NAME COMMIT COMMAND RUN...} keeps what runs wrote as the figures NAME of this
     * machine; {@code update} makes all tables and pictures, as {@code collect} does too.
     *
     * @param project its root
     */
    public static void run(Path project, List<String> arguments) throws IOException {
        Path folder = project.resolve(FOLDER);
        if (arguments.size() > 4 && arguments.getFirst().equals("collect")) {
            collect(folder, arguments.subList(1, arguments.size()));
        } else if (!arguments.equals(List.of("update"))) {
            throw new IllegalArgumentException(
                    "figures: "
                            + arguments
                            + " is neither update nor collect NAME COMMIT COMMAND"
                            + " RUN...");
        }
        update(project, folder);
    }

    private static void collect(Path folder, List<String> arguments) throws IOException {
        List<Path> runs = new ArrayList<>();
        arguments.subList(3, arguments.size()).forEach(run -> runs.add(Path.of(run)));
        Measurement measurement =
                Measurement.collect(
                        new Measurement.Conditions(
                                Report.processor(),
                                Runtime.getRuntime().availableProcessors(),
                                Report.jdk(),
                                System.getProperty("os.name"),
                                LocalDate.now(ZoneOffset.UTC).toString(),
                                arguments.get(1),
                                arguments.get(2)),
                        runs);
        Files.createDirectories(folder);
        Path file = Figures.file(folder, arguments.getFirst());
        Figures.read(file).with(measurement).write(file);
        System.out.println("Written: " + file);
    }

    private static void update(Path project, Path folder) throws IOException {
        Path document = project.resolve(DOCUMENT);
        Files.writeString(document, new Tables(folder).update(Files.readString(document)));
        for (Map.Entry<String, String> picture : new Pictures(folder).draw().entrySet()) {
            Files.writeString(folder.resolve(picture.getKey()), picture.getValue());
        }
        System.out.println("Made anew: tables of " + DOCUMENT + ", pictures in " + FOLDER);
    }
}
