package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands in the documents do what a reader would run them for, and no more. */
class CommandsTest {
    private static final Pattern INSTALL = Pattern.compile("\\bmvn\\b[^`]*\\binstall\\b");

    /** A row of the table: a command, and in its second cell where it is run, or why it is not. */
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (.+) \\|");

    private static final Pattern RUN_BY = Pattern.compile("`([^`]+)`: `([^`]+)`");

    private static Map<String, String> table() {
        Document document =
                Document.read(Project.root().resolve("docs/developing/command-lines.md"));
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : document.lines()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(rows.put(row.group(1), row.group(2))).as(row.group(1)).isNull();
            }
        }
        return rows;
    }

    /** What a reader is told to type in the blocks of the documents, without what is said of it. */
    private static Set<String> commandLines() {
        Set<String> commands = new LinkedHashSet<>();
        for (Document document : Document.all()) {
            for (Document.Block block : document.blocks()) {
                if (block.language().equals("sh")) {
                    block.text()
                            .replaceAll("\\s*\\\\\n\\s*", " ")
                            .lines()
                            .map(line -> line.replaceFirst("\\s+#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .forEach(commands::add);
                }
            }
        }
        return commands;
    }

    @Test
    void everyCommandLineIsRunSomewhereOrSaidWhyNot() {
        assertThat(table().keySet()).containsExactlyInAnyOrderElementsOf(commandLines());
    }

    @Test
    void whatIsSaidToRunACommandLineHasIt() throws IOException {
        for (Map.Entry<String, String> row : table().entrySet()) {
            Matcher by = RUN_BY.matcher(row.getValue());
            if (by.matches()) {
                assertThat(Files.readString(Project.root().resolve(by.group(1))))
                        .as("what runs " + row.getKey())
                        .contains(by.group(2));
            } else {
                assertThat(row.getValue()).as(row.getKey()).startsWith("not run: ");
            }
        }
    }

    @Test
    void everyCommandThatInstallsPutsTheLibraryAndItsParentAloneIntoTheRepository() {
        List<String> commands = new ArrayList<>();
        for (Document document : Document.all()) {
            for (String line : document.lines()) {
                INSTALL.matcher(line).results().forEach(match -> commands.add(match.group()));
            }
        }
        assertThat(commands)
                .isNotEmpty()
                .allSatisfy(command -> assertThat(command).contains("-f build -pl .. -am "));
    }
}
