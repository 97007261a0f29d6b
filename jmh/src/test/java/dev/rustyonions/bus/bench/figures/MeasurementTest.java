package dev.rustyonions.bus.bench.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What becomes of the files of several runs. */
class MeasurementTest {
    @TempDir Path folder;

    @Test
    void aRowKeepsWhatItIsAndTheFigureOfEachRun() throws IOException {
        Measurement measurement =
                Runs.measurement(folder, "{\"system\":\"bus\",\"receivers\":8,\"rate\":#.5}", 5);
        assertEquals(
                List.of(
                        new Measurement.Line(
                                Map.of("system", "bus", "receivers", "8"),
                                Map.of("rate", List.of(1.5, 2.5, 3.5, 4.5, 5.5)))),
                measurement.lines());
    }

    @Test
    void aFigureThatIsNoNumberIsLeftOut() throws IOException {
        Measurement measurement =
                Runs.measurement(folder, "{\"system\":\"bus\",\"error\":null,\"rate\":#.5}", 5);
        assertEquals(
                List.of(
                        new Measurement.Line(
                                Map.of("system", "bus"),
                                Map.of("rate", List.of(1.5, 2.5, 3.5, 4.5, 5.5)))),
                measurement.lines());
    }

    @Test
    void fewerThanFiveRunsAreRefused() {
        assertEquals("4 runs; at least 5 make quartiles", refusal("{\"rate\":#.5}", 4));
    }

    @Test
    void aRowThatIsNotTheSameInEachRunIsNamed() {
        assertEquals(
                "{system=1}, \"rate\": in 1 of 5 runs. A row is the same thing in each run: a"
                        + " figure that is a whole number or a text says what the row is, and may"
                        + " not vary",
                refusal("{\"system\":#,\"rate\":#.5}", 5));
    }

    @Test
    void twoRowsThatNothingTellsApartAreNamed() {
        assertEquals(
                "{system=bus} is two rows of run 1, with nothing to tell them apart",
                refusal("{\"system\":\"bus\",\"rate\":#.5},{\"system\":\"bus\",\"rate\":9.5}", 5));
    }

    private String refusal(String rows, int runs) {
        return assertThrows(
                        IllegalArgumentException.class, () -> Runs.measurement(folder, rows, runs))
                .getMessage();
    }
}
