package dev.rustyonions.bus.bench.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A file of figures. */
class FiguresTest {
    private static final String ROWS = "{\"system\":\"the \\\"bus\\\"\",\"n\":8,\"rate\":#.25}";

    @TempDir Path folder;

    @Test
    void figuresComeOutOfTheirFileAsTheyWentIn() throws IOException {
        Figures figures =
                new Figures(
                        List.of(
                                Runs.measurement(folder, "One", ROWS, 5),
                                Runs.measurement(folder, "Other", ROWS, 6)));
        figures.write(folder.resolve("figures.json"));
        assertEquals(figures, Figures.read(folder.resolve("figures.json")));
    }

    @Test
    void anotherProcessorStandsBesideTheFirstAndTheSameTakesItsPlace() throws IOException {
        Measurement first = Runs.measurement(folder, "One", ROWS, 5);
        Measurement other = Runs.measurement(folder, "Other", ROWS, 5);
        Measurement again = Runs.measurement(folder, "One", ROWS, 7);
        assertEquals(
                List.of(again, other),
                new Figures(List.of()).with(first).with(other).with(again).measurements());
    }

    @Test
    void aFileThatIsNotThereHasNoFigures() throws IOException {
        assertEquals(List.of(), Figures.read(folder.resolve("none.json")).measurements());
    }
}
