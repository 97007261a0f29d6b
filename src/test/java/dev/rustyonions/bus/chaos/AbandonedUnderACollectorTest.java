package dev.rustyonions.bus.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.ForkedJvm;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An abandoned receiver is noticed though those who wait for it look at it again and again, also
 * where the collector marks while the program runs.
 */
class AbandonedUnderACollectorTest {
    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseZGC", "-XX:+UseG1GC -XX:+ExplicitGCInvokesConcurrent"})
    void whoWaitsForAnAbandonedReceiverIsToldOfItsEnd(String collector) throws Exception {
        abandon(collector);
    }

    /** A compiler could read the receiver at each look, for the one look that needs it. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseZGC", "-XX:+UseG1GC -XX:+ExplicitGCInvokesConcurrent"})
    void soItIsOnceTheLooksAreCompiled(String collector) throws Exception {
        abandon(collector, "warm");
    }

    private void abandon(String collector, String... arguments) throws Exception {
        List<String> options = new ArrayList<>(List.of(collector.split(" ")));
        options.add("-Xmx64m");
        ForkedJvm.Outcome run =
                ForkedJvm.run(directory, AbandonedReceivers.class, options, arguments);
        assertThat(run.exit()).as(run.printed()).isZero();
    }
}
