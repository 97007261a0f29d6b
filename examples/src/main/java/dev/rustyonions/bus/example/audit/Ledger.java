package dev.rustyonions.bus.example.audit;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Reason;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Publishers that wait, one audit log, any number of dashboards, and their ordered shutdown. */
public final class Ledger {
    private Ledger() {}

    /** Publishes each list by a thread of its own, closes the bus, and waits for the log. */
    public static Reason run(Bus<Change> bus, Path file, List<List<Change>> all, int dashboards)
            throws IOException, ExecutionException, InterruptedException {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reason> written;
            try (bus) {
                AuditLog audit = new AuditLog(bus, file, Duration.ofSeconds(5));
                written = executor.submit(audit::write);
                for (int i = 0; i < dashboards; i++) {
                    executor.execute(new Dashboard(bus)::follow);
                }
                List<Future<Integer>> publishing = new ArrayList<>();
                for (List<Change> changes : all) {
                    publishing.add(executor.submit(() -> bus.submitMany(changes)));
                }
                for (Future<Integer> accepted : publishing) {
                    accepted.get(); // first those who publish,
                }
            } // then the bus, which the log and the dashboards drain,
            return written.get();
        } // and then their threads
    }
}
