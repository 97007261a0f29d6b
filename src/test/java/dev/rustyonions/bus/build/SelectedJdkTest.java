package dev.rustyonions.bus.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The JVM under test is the one that was asked for with {@code -Djdk}. */
class SelectedJdkTest {

    @Test
    void theJvmUnderTestIsInTheAskedRange() {
        String asked = System.getProperty("ron.build.jdk");
        assertThat(asked)
                .as("ron.build.jdk, which the build sets to the value of -Djdk")
                .isNotBlank();
        assertThat(JdkRange.parse(asked).contains(Runtime.version()))
                .as(
                        "JVM %s in %s is within -Djdk=%s",
                        Runtime.version(), System.getProperty("java.home"), asked)
                .isTrue();
    }

    @Test
    void theLibraryIsCompiledForJava21WhicheverJdkCompilesIt() throws IOException {
        try (InputStream module =
                        SelectedJdkTest.class.getModule().getResourceAsStream("module-info.class");
                DataInputStream in = new DataInputStream(Objects.requireNonNull(module))) {
            assertThat(in.readInt()).isEqualTo(0xCAFEBABE);
            assertThat(in.readUnsignedShort()).as("minor class file version").isZero();
            assertThat(in.readUnsignedShort()).as("major class file version").isEqualTo(65);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[21,)     | 21.0.8 | true",
                "[21,)     | 25     | true",
                "[21,)     | 17.0.1 | false",
                "[21,22)   | 21     | true",
                "[21,22)   | 21.0.8 | true",
                "[21,22)   | 22     | false",
                "(21,25]   | 21     | false",
                "(21,25]   | 25     | true",
                "(,25)     | 21     | true",
                "[25]      | 25     | true",
                "[25]      | 21     | false"
            })
    void aRangeHoldsWhatItsBoundsSay(String range, String version, boolean inside) {
        assertThat(JdkRange.parse(range).contains(Runtime.Version.parse(version)))
                .isEqualTo(inside);
    }

    @Test
    void whatIsNotARangeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JdkRange.parse("21"))
                .withMessage("-Djdk: \"21\" is not one range of versions such as [21,) or [21,22)");
    }
}
