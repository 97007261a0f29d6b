package dev.rustyonions.bus.bench.gate;

import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Rows;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.run.Interleaved;
import dev.rustyonions.bus.bench.run.Knobs;
import dev.rustyonions.bus.bench.run.Others;
import dev.rustyonions.bus.bench.stat.Pairs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Takes measurements, each comparison in a JVM of its own, and keeps them for the round: what
 * several figures share is measured once.
 */
final class Probes {
    private final Map<String, List<Double>> raw = new TreeMap<>();
    private final Map<String, List<Row>> tables = new HashMap<>();

    private final Random seeds;
    private double others;

    /** Each JVM that takes sides in turn gets a seed of its own, drawn from {@code seed}. */
    Probes(long seed) {
        seeds = new Random(seed);
    }

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

    /** The slices of two sides of a comparison, which were taken in turn. */
    Pairs ratio(String comparison, String subject, String baseline) throws Exception {
        return Interleaved.pairs(side(comparison, subject), side(comparison, baseline));
    }

    /** Nanoseconds an operation of one side of a comparison. */
    Pairs time(String comparison, String side) throws Exception {
        return Interleaved.pairs(side(comparison, side), null);
    }

    private Row side(String comparison, String side) throws Exception {
        String key = "interleaved " + comparison;
        List<Row> rows = tables.get(key);
        if (rows == null) {
            List<String> options = new ArrayList<>(Interleaved.options());
            options.add(Settings.seedOption(seeds.nextLong()));
            rows = Rows.fork(options, "interleaved", comparison);
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
    Pairs row(String harness, String column) throws Exception {
        return Pairs.single(
                rows(harness, "gate").stream()
                        .mapToDouble(row -> row.number(column))
                        .max()
                        .orElseThrow());
    }

    /** A figure of the parked receivers. */
    Pairs parked(int n, String carriers, String column) throws Exception {
        return Pairs.single(
                rows("parked", "gate", String.valueOf(n), carriers).getFirst().number(column));
    }

    /** Wake-ups an event in edge mode, to those in classic mode. */
    Pairs edgeWakeUps() throws Exception {
        List<Row> rows = rows("knobs", "gate");
        return Pairs.single(
                rows.getLast().number(Knobs.WAKE_UPS) / rows.getFirst().number(Knobs.WAKE_UPS));
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
