package dev.rustyonions.bus.bench.gate;

import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Rows;
import dev.rustyonions.bus.bench.run.Interleaved;
import dev.rustyonions.bus.bench.run.Knobs;
import dev.rustyonions.bus.bench.run.Others;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes measurements, each comparison in a JVM of its own, and keeps them for the round: what
 * several figures share is measured once.
 */
final class Probes {
    private final Map<String, List<Double>> raw = new TreeMap<>();
    private final Map<String, List<Row>> tables = new HashMap<>();

    private double others;

    /** The measurements behind the ratios, of each round: nanoseconds an operation. */
    Map<String, List<Double>> raw() {
        return raw;
    }

    void nextRound() {
        tables.clear();
    }

    /** The share of the processors that others had during the measurement last asked for. */
    double others() {
        return others;
    }

    /** The ratio between two sides of a comparison, which were taken in turn. */
    double ratio(String comparison, String subject, String baseline) throws Exception {
        return side(comparison, subject).number(Interleaved.ratioTo(baseline));
    }

    /** Nanoseconds an operation of one side of a comparison. */
    double time(String comparison, String side) throws Exception {
        return side(comparison, side).number(Interleaved.NANOS);
    }

    private Row side(String comparison, String side) throws Exception {
        String key = "interleaved " + comparison;
        List<Row> rows = tables.get(key);
        if (rows == null) {
            rows = Rows.fork(Interleaved.options(), "interleaved", comparison);
            tables.put(key, rows);
            for (Row row : rows) {
                raw.computeIfAbsent(
                                comparison + ": " + row.cells().get(Interleaved.SIDE),
                                name -> new ArrayList<>())
                        .add(row.number(Interleaved.NANOS));
            }
        }
        noteOthers(rows);
        return rows.stream()
                .filter(row -> side.equals(row.cells().get(Interleaved.SIDE)))
                .findFirst()
                .orElseThrow();
    }

    /** A figure of a harness: the largest of its rows. */
    double row(String harness, String column) throws Exception {
        return rows(harness, "gate").stream()
                .mapToDouble(row -> row.number(column))
                .max()
                .orElseThrow();
    }

    /** A figure of the parked receivers. */
    double parked(int n, String carriers, String column) throws Exception {
        return rows("parked", "gate", String.valueOf(n), carriers).getFirst().number(column);
    }

    /** Wake-ups an event in edge mode, to those in classic mode. */
    double edgeWakeUps() throws Exception {
        List<Row> rows = rows("knobs", "gate");
        return rows.getLast().number(Knobs.WAKE_UPS) / rows.getFirst().number(Knobs.WAKE_UPS);
    }

    private List<Row> rows(String harness, String... arguments) throws Exception {
        String key = harness + " " + String.join(" ", arguments);
        List<Row> rows = tables.get(key);
        if (rows == null) {
            rows = Rows.fork(harness, arguments);
            tables.put(key, rows);
        }
        noteOthers(rows);
        return rows;
    }

    private void noteOthers(List<Row> rows) {
        double share = rows.getLast().number(Others.SHARE);
        others = Double.isNaN(share) ? 0 : share;
    }
}
