package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.ForkedJvm;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

/** How much stack a probe touches, in each form that a method can have. */
class StackProbeTest {
    /** Twice what park and unpark were seen to use, compiled. */
    private static final long ENOUGH = 6 << 10;

    @TempDir Path directory;

    /**
     * One form a JVM, compiled in the foreground, so that no frame changes its size in the middle.
     */
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation"})
    void aProbeTouchesSeveralKibibytesAndSucceedsOnlyWhereThereIsRoomForWhatFollows(String form)
            throws Exception {
        List<String> options =
                List.of(
                        form,
                        "-Xbatch",
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileOnly=" + StackProbe.class.getName() + "::*",
                        "-Xlog:disable");
        ForkedJvm.Outcome run = ForkedJvm.run(directory, Probing.class, options);
        assertThat(run.printed()).matches("touched \\d+, roomy true\n");
        long touched = Long.parseLong(run.printed().replaceAll("\\D", ""));
        assertThat(touched).isBetween(ENOUGH, 8 * ENOUGH);
    }
}
