package dev.rustyonions.bus.bench.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Tables that are made from figures. */
class TablesTest {
    private static final String ROWS =
            """
            {"system":"bus","capacity":1024,"receivers":8,"rate":#000000.5,"wait us":#.25},
            {"system":"bus","capacity":1024,"receivers":16,"rate":24.0,"wait us":#000.5},
            {"system":"other","capacity":1024,"receivers":8,"rate":#2100.0,"wait us":0.5},
            {"system":"none of these figures","capacity":1024,"receivers":8,"other":0.5}
            """;

    @TempDir Path folder;

    @Test
    void aTableHasMediansAndQuartilesByWhatTheLinesAre() throws IOException {
        figures("One");
        assertEquals(
                """
                before
                <!-- table
                figures: peers
                show: rate
                rows: system
                columns: capacity | receivers
                -->

                | system | 1,024 : 8 | 1,024 : 16 |
                | --- | --- | --- |
                | bus | 3.00 M (2.00 to 4.00) | 24.0 |
                | other | 32.1 k (22.1 to 42.1) |  |

                Medians of 5 runs, with their quartiles in brackets. One, 2 processors, JDK 25, \
                Linux. 2026-01-02, commit abc1234, `a
                command`.

                <!-- end of table -->
                behind
                """,
                update("show: rate\nrows: system\ncolumns: capacity | receivers"));
    }

    @Test
    void aTableWithoutColumnsShowsSeveralFiguresOfTheLinesThatItWants() throws IOException {
        figures("One");
        assertEquals(
                List.of(
                        "| beside | wait us | published/s |",
                        "| --- | --- | --- |",
                        "| 8 | 3.25 µs (2.25 to 4.25) | 3.00 M (2.00 to 4.00) |",
                        "| 16 | 3.00 ms (2.00 to 4.00) | 24.0 |"),
                rows(
                        "show: wait us | rate as published/s\n"
                                + "rows: receivers as beside\nwhere: system = bus"));
    }

    @Test
    void eachMachineHasATable() throws IOException {
        figures("One", "Other");
        assertEquals(6, rows("show: rate\nrows: receivers\nwhere: system = other").size());
    }

    @Test
    void aTableThatCannotBeMadeIsNamed() throws IOException {
        figures("One");
        assertEquals(
                "no figures are so as the table says:\nfigures: peers\nshow: rate\nrows: system\n"
                        + "where: system = none",
                refusal("show: rate\nrows: system\nwhere: system = none"));
        assertEquals(
                "\"shown: rate\" begins with none of figures:, show:, rows:, columns:, where:",
                refusal("shown: rate"));
        assertEquals(
                "no \"rows:\" in the table:\nfigures: peers\nshow: rate", refusal("show: rate"));
        assertEquals(
                "2 lines in one cell, of which the first is Line[is={system=bus, capacity=1024,"
                        + " receivers=8}, figures={rate=[1000000.0, 2000000.0, 3000000.0,"
                        + " 4000000.0, 5000000.0], wait us=[1.25, 2.25, 3.25, 4.25, 5.25]}]",
                refusal("show: rate\nrows: system"));
    }

    @Test
    void aTableThatDoesNotEndSwallowsNoOther() throws IOException {
        figures("One");
        Tables tables = new Tables(folder);
        String open = "<!-- table\nfigures: peers\nshow: rate\nrows: system\n-->\n";
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> tables.update(open + open + "<!-- end of table -->\n"));
        assertEquals(
                "no \"<!-- end of table -->\" ends the table:\n"
                        + "figures: peers\nshow: rate\nrows: system",
                refused.getMessage());
    }

    private void figures(String... processors) throws IOException {
        Figures figures = new Figures(List.of());
        for (String processor : processors) {
            figures = figures.with(Runs.measurement(folder, processor, ROWS, 5));
        }
        figures.write(Figures.file(folder, "peers"));
    }

    private String update(String table) throws IOException {
        return new Tables(folder)
                .update(
                        "before\n<!-- table\nfigures: peers\n"
                                + table
                                + "\n-->\ntyped by hand\n<!-- end of table -->\nbehind\n");
    }

    private List<String> rows(String table) throws IOException {
        return update(table).lines().filter(line -> line.startsWith("|")).toList();
    }

    private String refusal(String table) {
        return assertThrows(IllegalArgumentException.class, () -> update(table)).getMessage();
    }
}
