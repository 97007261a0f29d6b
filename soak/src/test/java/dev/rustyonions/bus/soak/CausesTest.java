package dev.rustyonions.bus.soak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.soak.Causes.Cause;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

class CausesTest {
    private static final List<Pattern> GROUPS =
            List.of(Pattern.compile("ForkJoinPool-1-.*"), Pattern.compile("steady-3"));

    @TempDir private Path threads;

    @ParameterizedTest
    @CsvSource({
        "10, 6, 0, STOPPED",
        "10, 2, 5, WAITED",
        "10, 2, 2, NEITHER",
        "10, 0, 0, NEITHER",
        // A wait for the end of a stop is a part of the stop.
        "10, 6, 9, STOPPED",
        // Waits that had begun before it was away are not counted.
        "10, 3, 50, WAITED",
        "10, 50, 50, STOPPED",
    })
    void theLargestPartIsTheCause(double away, double stopped, double waited, Cause cause) {
        assertEquals(cause, Causes.shares(away, stopped, waited).largest());
    }

    @Test
    void theTimesOfAGroupAreThoseOfItsThreads() throws IOException {
        thread(1, "java", "5 5 5");
        thread(2, "ForkJoinPool-1-", "100 10 7");
        thread(3, "ForkJoinPool-1-", "200 20 7");
        thread(4, "steady-3", "7 8 9");
        thread(5, "steady-35", "1 1 1");
        try (ThreadTimes times = new ThreadTimes(threads, GROUPS)) {
            times.look();
            assertArrayEquals(new long[] {300, 30, 7, 8}, read(times));

            thread(3, "ForkJoinPool-1-", "250 21 8");
            thread(6, "ForkJoinPool-1-", "1000 1000 1");
            assertArrayEquals(new long[] {350, 31, 7, 8}, read(times));
            times.look();
            times.look();
            assertArrayEquals(new long[] {1350, 1031, 7, 8}, read(times));
        }
    }

    @Test
    void whatAThreadHadThatHasEndedIsKept() throws IOException {
        thread(2, "ForkJoinPool-1-", "100 10 7");
        try (ThreadTimes times = new ThreadTimes(threads, GROUPS)) {
            times.look();
            read(times);
            Files.writeString(threads.resolve("2/schedstat"), "");
            assertArrayEquals(new long[] {100, 10, 0, 0}, read(times));
            assertArrayEquals(new long[] {100, 10, 0, 0}, read(times));
        }
    }

    @Test
    void aSystemWithoutTimesOfThreadsIsToldFromOneThatHasThem() throws IOException {
        assertFalse(ThreadTimes.available(threads.resolve("none")));
        assertFalse(ThreadTimes.available(threads));
        thread(1, "java", "5 5 5");
        assertTrue(ThreadTimes.available(threads));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void eachLagIsCountedInOneRow() {
        Causes causes = new Causes(1000, 1_000_000, List.of(3));
        causes.lagged(0, new Lagged<>(0, 500));
        causes.lagged(3, new Lagged<>(0, 3000));
        causes.close();

        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        causes.print(new PrintStream(printed, true, StandardCharsets.UTF_8));
        String table = printed.toString(StandardCharsets.UTF_8);
        assertEquals(2, sum(table, 2), table);
        assertEquals(3500, sum(table, 3), table);
        assertTrue(table.contains("processors' time meanwhile"), table);
    }

    /** Of a column of the table. */
    private static long sum(String table, int column) {
        return table.lines()
                .skip(2)
                .filter(line -> line.startsWith("|"))
                .mapToLong(
                        line -> Long.parseLong(line.split("\\|")[column].strip().replace(",", "")))
                .sum();
    }

    private long[] read(ThreadTimes times) {
        long[] into = new long[2 * GROUPS.size()];
        times.read(into);
        return into;
    }

    private void thread(int number, String name, String times) throws IOException {
        Path folder = Files.createDirectories(threads.resolve(String.valueOf(number)));
        Files.writeString(folder.resolve("comm"), name + "\n");
        Files.writeString(folder.resolve("schedstat"), times + "\n");
    }
}
