package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;

import java.util.List;
import java.util.stream.Stream;

/** The library's compiled classes hold no monitor and no lock, and create no thread (I-3, I-9). */
class NoMonitorsNoThreadsTest {

    private static final List<Permit> PERMITS =
            List.of(
                    new Permit(
                            "dev.rustyonions.bus.ring.Appender",
                            "java.lang.Thread.yield",
                            "epochYield: a batch publisher asked to yield between bursts"));

    @Test
    void theLibraryContainsNothingThatIsForbidden() {
        assertThat(ClassFiles.ofTheLibrary().stream())
                .flatMap(type -> ForbiddenCode.in(type, PERMITS))
                .isEmpty();
    }

    /** An empty or misplaced folder would be clean. */
    @ParameterizedTest
    @CsvSource({
        "dev/rustyonions/bus, 12",
        "dev/rustyonions/bus/ring, 2",
        "dev/rustyonions/bus/text, 1"
    })
    void theGateSeesTheClassesOfEachPackage(String packageName, int atLeast) {
        Stream<String> names = ClassFiles.ofTheLibrary().stream().map(ClassReader::getClassName);
        assertThat(names)
                .filteredOn(name -> name.lastIndexOf('/') == packageName.length())
                .filteredOn(name -> name.startsWith(packageName))
                .hasSizeGreaterThanOrEqualTo(atLeast);
    }
}
