package dev.rustyonions.bus.footprint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.ForkedJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the bus takes of the heap, measured in JVMs in which nothing else runs. */
@Timeout(180)
class FootprintTest {
    @TempDir Path directory;

    @Test
    void aPublishAllocatesItsMessageAloneWithAmnesiaOnAsWithItOff() throws Exception {
        List<String> options =
                List.of(
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:+UseEpsilonGC",
                        "-Xmx1g",
                        "-Xms1g",
                        "-Xlog:disable");
        String publishes = String.valueOf(Effort.of(2_000_000, 20_000_000));
        ForkedJvm.Outcome off =
                ForkedJvm.run(directory, Publishing.class, options, "off", publishes);
        ForkedJvm.Outcome on = ForkedJvm.run(directory, Publishing.class, options, "on", publishes);
        assertThat(off.exit()).as(off.printed()).isZero();
        assertThat(on.printed()).isEqualTo(off.printed()).isEqualTo("24.0 bytes a publish\n");
    }

    @Test
    void makingTheFirstBusOfAJvmLeavesTheThreadItsParkPermit() throws Exception {
        ForkedJvm.Outcome run =
                ForkedJvm.run(directory, PermitOfTheFirst.class, List.of("-Xlog:disable"));
        assertThat(run.printed()).isEqualTo("parked and returned\n");
    }

    @Test
    void anObservationThatRunsOutOfMemoryIsNotHalfMade() throws Exception {
        ForkedJvm.Outcome run =
                ForkedJvm.run(
                        directory,
                        ObserveWithoutMemory.class,
                        List.of("-Xmx64m", "-XX:+UseSerialGC", "-Xlog:disable"));
        assertThat(run.printed()).isEqualTo("OutOfMemoryError, lags told 0, samples 0\n");
    }

    /** The layouts a JVM has: with the default, with small headers, with wide references. */
    static Stream<List<String>> layouts() {
        List<List<String>> layouts = new ArrayList<>();
        layouts.add(List.of("-XX:+UseSerialGC"));
        layouts.add(List.of("-XX:+UseZGC"));
        layouts.add(List.of("-XX:+UseSerialGC", "-XX:ObjectAlignmentInBytes=16"));
        if (Runtime.version().feature() >= 24) {
            layouts.add(
                    List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+UseCompactObjectHeaders"));
        }
        return layouts.stream();
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void whatPublishersReadHasItsCacheLinesToItself(List<String> layout) throws Exception {
        List<String> options = new ArrayList<>(layout);
        // A layout does not depend on what is compiled, and the run is short.
        options.add("-XX:TieredStopAtLevel=1");
        // For the tool that reads the layout. It asks the JVM for the offsets and need not attach a
        // debugger, which takes it seconds.
        options.add("-XX:+EnableDynamicAgentLoading");
        options.add("-Djdk.attach.allowAttachSelf=true");
        options.add("-Djol.skipHotspotSAAttach=true");
        ForkedJvm.Outcome run = ForkedJvm.run(directory, PublisherLines.class, options);
        assertThat(run.printed().lines().filter(line -> !line.matches("(# )?WARNING: .*")))
                .containsExactly("checked");
    }

    @Test
    void receiversThatCameWaitedAndLeftTogetherLeaveNothingBehind() throws Exception {
        int cycles = Effort.of(200_000, 1_000_000);
        ForkedJvm.Outcome run =
                ForkedJvm.run(
                        directory,
                        ComingAndGoing.class,
                        List.of("-Xmx64m", "-Xlog:disable"),
                        String.valueOf(cycles));
        assertThat(run.exit()).as(run.printed()).isZero();
        // Some were woken: orphans did pile up.
        assertThat(run.printed())
                .matches("cycles " + cycles + ", heap grew by -?\\d+ KiB, woken [1-9]\\d*\n");
        long grown = Long.parseLong(run.printed().replaceAll(".* by (-?\\d+) KiB.*\n", "$1"));
        // The smallest thing that could stay for each is a reference: 700 KiB of the fewest cycles.
        assertThat(grown).isLessThan(512);
    }
}
