package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EveryCall;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** All work of a bus is done by the threads that use it. */
class NoThreadOfItsOwnTest {
    private static final Pattern ID = Pattern.compile("\"tid\": \"?(\\d+)");

    @TempDir Path directory;
    private int dumps;

    @EachMode
    @SuppressWarnings("try") // the batch is closed by the calls
    void aBusInUseStartsNoThread(Mode mode) throws IOException {
        Set<Long> before = threads();
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe();
                Batch<Integer> batch = bus.batch()) {
            bus.subscribe(); // abandoned at once
            EveryCall.make(bus, rx, batch);
            assertThat(startedSince(before)).isEmpty();
        }
        assertThat(startedSince(before)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aThreadOfEitherKindThatACallStartsIsSeen(ThreadKind kind) throws IOException {
        Set<Long> before = threads();
        Task<Void> own = Task.run(kind, LockSupport::park).untilParked();
        assertThat(startedSince(before)).containsExactly(own.thread().threadId());
        LockSupport.unpark(own.thread());
        own.result();
    }

    private Set<Long> startedSince(Set<Long> before) throws IOException {
        Set<Long> started = threads();
        started.removeAll(before);
        return started;
    }

    /**
     * The ids of all virtual threads, and of the platform threads in the group of the current one,
     * where a thread begins that a call in it starts. The JDK's, carriers for instance, which come
     * as they like, are in other groups.
     */
    private Set<Long> threads() throws IOException {
        Set<Long> threads = new HashSet<>();
        Set<Long> others = new HashSet<>();
        Path dump = directory.resolve("threads" + dumps++ + ".json").toAbsolutePath();
        noteOthers(others);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
        noteOthers(others); // those that came while the dump was taken
        ID.matcher(Files.readString(dump))
                .results()
                .forEach(id -> threads.add(Long.valueOf(id.group(1))));
        threads.removeAll(others);
        return threads;
    }

    private static void noteOthers(Set<Long> others) {
        for (Thread platform : Thread.getAllStackTraces().keySet()) {
            if (platform.getThreadGroup() != Thread.currentThread().getThreadGroup()) {
                others.add(platform.threadId());
            }
        }
    }
}
