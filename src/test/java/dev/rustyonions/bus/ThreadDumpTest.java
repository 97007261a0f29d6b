package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A thread dump names the receiver a thread is parked on. The format of JDK 21 shows no blockers.
 */
class ThreadDumpTest {
    @TempDir Path folder;

    @Test
    @EnabledForJreRange(min = JRE.JAVA_25)
    void aDumpShowsTheClassAndHashThatTheReceiverPrints() throws Exception {
        try (Bus<Event> bus = Bus.create(8)) {
            Receiver<Event> receiver = bus.subscribe(o -> o.name("audit"));
            Thread parked = Thread.ofVirtual().name("audit-task").start(() -> receiver.recv());
            await().until(() -> parked.getState() == Thread.State.WAITING);
            String identity = receiver.toString().replace("[audit]", "");
            assertThat(dump()).contains("audit-task").contains(identity);
            receiver.close();
            parked.join();
        }
    }

    private String dump() throws IOException {
        Path file = folder.resolve("threads.txt");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        return Files.readString(file);
    }
}
