package dev.rustyonions.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The builder as its user meets it, over a real process's own properties and environment. */
class BusBuilderTest {

    @Test
    void aBuilderUsedTwiceMakesTwoIndependentBuses() {
        BusBuilder builder = Bus.builder().name("a").capacity(8);
        try (Bus<Integer> a = builder.build()) {
            try (Bus<String> b = builder.name("b").capacity(16).build()) {
                assertEquals("a", a.config().name());
                assertEquals(8, a.config().capacity());
                assertEquals("b", b.config().name());
                assertEquals(16, b.config().capacity());
            }
            assertFalse(a.isClosed());
        }
    }

    @Test
    void buildLeavesTheBuilderAsItWas() {
        BusBuilder builder = Bus.builder().name("same").capacity(8).mode(Mode.EDGE).pqLabel("none");
        try (Bus<String> first = builder.build();
                Bus<String> second = builder.build()) {
            assertEquals(first.config(), second.config());
        }
    }

    @Test
    void theLaterValueOfAMethodCalledTwiceCounts() {
        try (Bus<String> bus = Bus.builder().capacity(0).capacity(4).build()) {
            assertEquals(4, bus.config().capacity());
        }
    }

    @Test
    void aBuilderStaysUsableAfterARefusal() {
        BusBuilder builder = Bus.builder().capacity(0);
        assertThrows(IllegalArgumentException.class, builder::build);

        try (Bus<String> bus = builder.capacity(4).build()) {
            assertEquals(4, bus.config().capacity());
        }
    }

    @Test
    void eachBuildReadsThePropertiesAgain() {
        BusBuilder builder = Bus.builder().capacity(8);

        assertEquals(33, flushThresholdWithProperty("33", builder));
        assertEquals(34, flushThresholdWithProperty("34", builder));
    }

    @Test
    void nullIsRefusedAtOnceByName() {
        BusBuilder builder = Bus.builder();

        assertNullRefused("name", () -> builder.name(null));
        assertNullRefused("mode", () -> builder.mode(null));
        assertNullRefused("linger", () -> builder.linger(null));
        assertNullRefused("namespace", () -> builder.metricsNamespace(null));
        assertNullRefused("label", () -> builder.pqLabel(null));
    }

    @Test
    void onlyVariablesOfABusAreKept() {
        assertEquals(
                Map.of("RON_CAP", "4"),
                ConfigResolver.ronVariables(
                        Map.of("RON_CAP", "4", "PATH", "/bin", "MY_RON_CAP", "8")));
    }

    @Test
    void variablesPropertiesAndWarningsAreThoseOfTheProcess(@TempDir Path directory)
            throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder probe =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        rootOf(BusBuilder.class)
                                + System.getProperty("path.separator")
                                + rootOf(Probe.class),
                        "-Dron.mode=edge",
                        Probe.class.getName());
        probe.environment().keySet().removeIf(variable -> variable.startsWith("RON_"));
        probe.environment().put("RON_CAP", "1000");
        probe.environment().put("RON_MODE", "batched");
        Process process = probe.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the probe ends");
        } finally {
            process.destroyForcibly();
        }

        assertEquals(
                List.of("1024 EDGE"), Files.readAllLines(out), () -> "probe failed, see " + err);
        List<String> warnings =
                Files.readAllLines(err).stream()
                        .filter(line -> line.contains("capacity 1024 from RON_CAP is over 256"))
                        .toList();
        assertEquals(1, warnings.size());
    }

    /** Prints the configuration of a bus built in a process of its own. */
    static final class Probe {
        public static void main(String[] arguments) {
            BusConfig config = ConfigResolver.PROCESS.resolve(new BusBuilder().settings);
            System.out.println(config.capacity() + " " + config.mode());
        }
    }

    private static Path rootOf(Class<?> type) throws Exception {
        String name = type.getName().replace('.', '/') + ".class";
        URI file = type.getClassLoader().getResource(name).toURI();
        Path root = Path.of(file);
        for (int depth = Path.of(name).getNameCount(); depth > 0; depth--) {
            root = root.getParent();
        }
        return root;
    }

    private static int flushThresholdWithProperty(String text, BusBuilder builder) {
        System.setProperty("ron.tls.flush.threshold", text);
        try (Bus<String> bus = builder.build()) {
            return bus.config().flushThreshold();
        } finally {
            System.clearProperty("ron.tls.flush.threshold");
        }
    }

    private static void assertNullRefused(String name, Executable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
    }
}
