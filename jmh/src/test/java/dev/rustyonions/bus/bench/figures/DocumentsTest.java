package dev.rustyonions.bus.bench.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the project's documents show is what its figures say. */
class DocumentsTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path FOLDER = PROJECT.resolve(FiguresCommand.FOLDER);
    private static final String MEND =
            "documents differ from docs/figures; the command that mends them is "
                    + FiguresCommand.COMMAND;

    @Test
    void theTablesAreThoseOfTheFigures() throws IOException {
        String document = Files.readString(PROJECT.resolve(FiguresCommand.DOCUMENT));
        assertTrue(document.contains("<!-- table\n"), "no table is made from figures");
        assertEquals(new Tables(FOLDER).update(document), document, MEND);
    }

    @Test
    void thePicturesAreThoseOfTheFiguresAndThereAreNoOthers() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".svg")).toList()) {
                found.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertEquals(new TreeMap<>(new Pictures(FOLDER).draw()), found, MEND);
    }

    @Test
    void eachPictureIsShownInTheDocument() throws IOException {
        String document = Files.readString(PROJECT.resolve(FiguresCommand.DOCUMENT));
        for (String picture : new Pictures(FOLDER).draw().keySet()) {
            assertTrue(document.contains("](docs/figures/" + picture + ")"), picture);
        }
    }
}
