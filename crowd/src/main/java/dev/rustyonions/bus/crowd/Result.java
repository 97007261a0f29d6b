package dev.rustyonions.bus.crowd;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What came of one outlet.
 *
 * @param outlet its name
 * @param connectNanos from the first connection until the last client had been answered
 * @param stoodStillAt the event whose publication did not come to its end; -1 if all did
 * @param published how many events were published
 * @param got what the clients that stayed got
 * @param seconds from the first publication until the last of their events came
 * @param goneNanos after the last event, until the outlet had noticed each client that had gone; -1
 *     if it never did
 * @param left clients that the outlet still served then, of those that had gone
 * @param leftAtEnd clients that it served after the end of all streams
 * @param heapConnected with all clients connected, after a collection, in bytes
 * @param heapAfter with those that stayed still connected, after a collection
 * @param heapPeak the most in use at any time
 * @param threads platform threads at most
 * @param cpuNanos processor time of the outlet's process during the events
 */
record Result(
        String outlet,
        long connectNanos,
        int stoodStillAt,
        int published,
        Report got,
        double seconds,
        long goneNanos,
        int left,
        int leftAtEnd,
        long heapConnected,
        long heapAfter,
        long heapPeak,
        int threads,
        long cpuNanos) {
    private static final List<String> COLUMNS =
            List.of(
                    "outlet",
                    "connected",
                    "events got",
                    "lost",
                    "frames/s",
                    "latency p50 / p95 / p99",
                    "the others gone",
                    "left",
                    "heap connected / after / peak",
                    "threads",
                    "processor time a frame");

    static final String HEAD =
            "| " + String.join(" | ", COLUMNS) + " |\n|" + "---|".repeat(COLUMNS.size());

    /** Whether those that stayed got everything and nobody was left. */
    boolean isClean() {
        return stoodStillAt < 0 && got.complete() == got.clients() && left == 0 && leftAtEnd == 0;
    }

    double framesPerSecond() {
        return got.events() / seconds;
    }

    /** What the clients that stayed should have got of what was published, and did not. */
    long lost() {
        return (long) published * got.clients() - got.events();
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %.1f s | %,d%s | %s | %,.0f | %s / %s / %s | %s | %,d | %d / %d / %d MB |"
                        + " %d | %.1f us |",
                outlet,
                connectNanos / 1e9,
                got.events(),
                stoodStillAt < 0 ? "" : ", stood still at event " + stoodStillAt,
                stoodStillAt < 0 ? String.format(Locale.ROOT, "%,d", lost()) : "all after it",
                framesPerSecond(),
                latency(50),
                latency(95),
                latency(99),
                goneNanos < 0
                        ? "never"
                        : String.format(Locale.ROOT, "%.1f s", Math.max(0, goneNanos) / 1e9),
                left + leftAtEnd,
                heapConnected >> 20,
                heapAfter >> 20,
                heapPeak >> 20,
                threads,
                cpuNanos / 1e3 / Math.max(1, got.events()));
    }

    private String latency(double percentile) {
        Duration time = Duration.ofNanos(got.latency().getValueAtPercentile(percentile));
        return time.toMillis() < 10
                ? String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6)
                : String.format(Locale.ROOT, "%,d ms", time.toMillis());
    }

    /** In a line, for another process. */
    String line() {
        return String.join(
                "\t",
                outlet,
                String.valueOf(connectNanos),
                String.valueOf(stoodStillAt),
                String.valueOf(published),
                got.line(),
                String.valueOf(seconds),
                String.valueOf(goneNanos),
                String.valueOf(left),
                String.valueOf(leftAtEnd),
                String.valueOf(heapConnected),
                String.valueOf(heapAfter),
                String.valueOf(heapPeak),
                String.valueOf(threads),
                String.valueOf(cpuNanos));
    }

    static Result parse(String line) {
        String[] parts = line.split("\t", -1);
        return new Result(
                parts[0],
                Long.parseLong(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Report.parse(parts[4]),
                Double.parseDouble(parts[5]),
                Long.parseLong(parts[6]),
                Integer.parseInt(parts[7]),
                Integer.parseInt(parts[8]),
                Long.parseLong(parts[9]),
                Long.parseLong(parts[10]),
                Long.parseLong(parts[11]),
                Integer.parseInt(parts[12]),
                Long.parseLong(parts[13]));
    }
}
