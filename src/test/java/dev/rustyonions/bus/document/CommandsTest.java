package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The commands in the documents do what a reader would run them for, and no more. */
class CommandsTest {
    private static final Pattern INSTALL = Pattern.compile("\\bmvn\\b[^`]*\\binstall\\b");

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
