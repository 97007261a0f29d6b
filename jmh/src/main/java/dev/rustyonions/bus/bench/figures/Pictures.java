package dev.rustyonions.bus.bench.figures;

import dev.rustyonions.bus.bench.figures.Chart.Panel;
import dev.rustyonions.bus.bench.figures.Chart.Point;
import dev.rustyonions.bus.bench.figures.Chart.Series;
import dev.rustyonions.bus.bench.figures.Measurement.Line;
import dev.rustyonions.bus.bench.peer.Peers;
import dev.rustyonions.bus.bench.stat.Spread;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What is drawn of {@link Figures}. A picture is made of each measurement in a file: the first is
 * {@code NAME.svg}, those behind it {@code NAME-2.svg} and so on.
 */
final class Pictures {
    /** Percentiles that {@code latency} measures, by the names of their columns. */
    private static final List<String> PERCENTILES =
            List.of("p50", "p90", "p95", "p99", "p99.9", "p99.99");

    /** Where a loss of nothing is drawn, in percent: below a count that a run could show. */
    private static final double NO_LOSS = 0.001;

    private static final List<Picture> ALL =
            List.of(
                    new Picture("peers", "peers", Pictures::peers),
                    new Picture("parked", "parked", Pictures::parked),
                    new Picture("latency", "latency", Pictures::latency),
                    new Picture("latency-spin", "latency-spin", Pictures::latency),
                    new Picture("sustained", "sustained", Pictures::sustained),
                    new Picture("growth", "growth", Pictures::growth));

    private final Path folder;

    /** What a picture is drawn from, and how. */
    private record Picture(String name, String figures, Function<Measurement, Chart> chart) {}

    /** Pictures of the figures in a folder. */
    Pictures(Path folder) {
        this.folder = folder;
    }

    /** All pictures for which there are figures: the name of the file, and what is in it. */
    Map<String, String> draw() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (Picture picture : ALL) {
            List<Measurement> measurements =
                    Figures.read(Figures.file(folder, picture.figures)).measurements();
            for (int i = 0; i < measurements.size(); i++) {
                files.put(
                        picture.name + (i == 0 ? "" : "-" + (i + 1)) + ".svg",
                        picture.chart.apply(measurements.get(i)).svg());
            }
        }
        return files;
    }

    // ---- the pictures ----

    private static Chart peers(Measurement measurement) {
        String figure = "deliveries/s at < 0.01 %";
        return Drawing.of(measurement, "Deliveries/s at a loss below 0.01 %", figure)
                .panels("capacity", value -> "capacity " + Tables.grouped(value))
                .lines("system", "receivers", "receivers")
                .chart("deliveries/s");
    }

    private static Chart parked(Measurement measurement) {
        Drawing bus =
                Drawing.of(
                                measurement,
                                "What a publish into parked virtual threads costs the publisher",
                                "publish us")
                        .panels("carriers", value -> "carriers " + value);
        return bus.named("ron-bus", "publish us", "parked", "parked receivers")
                .named("unpark-all", "unpark-all publish us", "parked", "parked receivers")
                .chart("time of the publish");
    }

    private static Chart latency(Measurement measurement) {
        Drawing drawing =
                Drawing.of(measurement, "Time from publish to receive", "p50 us")
                        .panels("events/s", value -> Tables.grouped(value) + " events/s");
        return drawing.percentiles("system", PERCENTILES).chart("time from publish to receive");
    }

    private static Chart sustained(Measurement measurement) {
        return Drawing.of(measurement, "Loss at 1,000,000 events/s to 8 receivers", "lost %")
                .where("asked, events/s", "1000000")
                .atLeast(NO_LOSS, "0")
                .panels("", value -> "")
                .lines("system", "capacity", "capacity, messages")
                .chart("lost, %");
    }

    private static Chart growth(Measurement measurement) {
        return Drawing.of(measurement, "What a call costs beside so many receivers", "ns")
                .where("against", "receivers")
                .panels("", value -> "")
                .lines("operation", "n", "receivers")
                .chart("time of a call");
    }

    /** Picks lines of a measurement and makes panels of them. */
    private static final class Drawing {
        private final Measurement measurement;
        private final String title;
        private final String figure;
        private final Map<String, String> where = new LinkedHashMap<>();
        private final Map<String, List<Series>> series = new LinkedHashMap<>();
        private final Map<String, String> titles = new LinkedHashMap<>();
        private final Map<String, Axis> axes = new LinkedHashMap<>();
        private String panelBy = "";
        private double least;
        private String leastText = "";

        private Drawing(Measurement measurement, String title, String figure) {
            this.measurement = measurement;
            this.title = title;
            this.figure = figure;
        }

        static Drawing of(Measurement measurement, String title, String figure) {
            return new Drawing(measurement, title, figure);
        }

        Drawing where(String column, String value) {
            where.put(column, value);
            return this;
        }

        /** What is lower is drawn at this value, which is named so. */
        Drawing atLeast(double value, String text) {
            least = value;
            leastText = text;
            return this;
        }

        /** A panel for each value of a column; one for all if the column is empty. */
        Drawing panels(String column, Function<String, String> name) {
            panelBy = column;
            for (Line line : lines()) {
                titles.putIfAbsent(line.is(column), name.apply(line.is(column)));
            }
            return this;
        }

        /** A series for each value of a column. */
        Drawing lines(String by, String x, String xTitle) {
            for (String panel : titles.keySet()) {
                List<String> names =
                        lines(panel).stream().map(line -> line.is(by)).distinct().toList();
                for (String name : names) {
                    List<Line> lines =
                            lines(panel).stream().filter(l -> l.is(by).equals(name)).toList();
                    add(panel, name, points(lines, x, figure));
                }
                axes.put(panel, numbers(xTitle, lines(panel), x));
            }
            return this;
        }

        /** A series of one column of figures. */
        Drawing named(String name, String column, String x, String xTitle) {
            for (String panel : titles.keySet()) {
                add(panel, name, points(lines(panel), x, column));
                axes.put(panel, numbers(xTitle, lines(panel), x));
            }
            return this;
        }

        /** A series for each value of a column, over the percentiles that its lines have. */
        Drawing percentiles(String by, List<String> percentiles) {
            for (String panel : titles.keySet()) {
                TreeSet<Double> xs = new TreeSet<>();
                Map<Double, String> texts = new LinkedHashMap<>();
                for (Line line : lines(panel)) {
                    List<Point> points = new ArrayList<>();
                    for (String percentile : percentiles) {
                        double x = 1 / (1 - Double.parseDouble(percentile.substring(1)) / 100);
                        List<Double> runs =
                                line.figures().getOrDefault(percentile + " us", List.of());
                        if (!runs.isEmpty()) {
                            points.add(new Point(x, Spread.of(runs)));
                            xs.add(x);
                            texts.put(x, percentile.substring(1));
                        }
                    }
                    add(panel, line.is(by), points);
                }
                axes.put(
                        panel,
                        Axis.at(
                                "percentile",
                                xs.stream()
                                        .map(x -> new Axis.Tick(x, texts.getOrDefault(x, "")))
                                        .toList()));
            }
            return this;
        }

        Chart chart(String yTitle) {
            List<Double> values = new ArrayList<>();
            for (List<Series> all : series.values()) {
                for (Series one : all) {
                    for (Point point : one.points()) {
                        values.add(point.y().low());
                        values.add(point.y().high());
                    }
                }
            }
            Axis y = Axis.around(yTitle, Unit.of(figure), values);
            if (least > 0) {
                List<Axis.Tick> ticks = new ArrayList<>(y.ticks());
                ticks.replaceAll(
                        tick -> tick.value() <= least ? new Axis.Tick(least, leastText) : tick);
                y = new Axis(yTitle, y.low(), y.high(), ticks);
            }
            List<Panel> panels = new ArrayList<>();
            Axis shared = y;
            series.forEach(
                    (panel, all) ->
                            panels.add(
                                    new Panel(
                                            titles.getOrDefault(panel, ""),
                                            axes.getOrDefault(panel, shared),
                                            all)));
            Measurement.Conditions on = measurement.conditions();
            return new Chart(
                    title,
                    on.machine()
                            + "; "
                            + on.date()
                            + "; medians and quartiles of "
                            + measurement.runs()
                            + " runs",
                    y,
                    panels);
        }

        private void add(String panel, String name, List<Point> points) {
            if (!points.isEmpty()) {
                series.computeIfAbsent(panel, p -> new ArrayList<>())
                        .add(new Series(name, isOurs(name), points));
            }
        }

        private static boolean isOurs(String name) {
            return name.toLowerCase(Locale.ROOT).startsWith(Peers.RON);
        }

        private List<Line> lines(String panel) {
            return lines().stream().filter(line -> line.is(panelBy).equals(panel)).toList();
        }

        /** A file has lines of other figures too. */
        private List<Line> lines() {
            return measurement.lines(where).stream()
                    .filter(line -> line.figures().containsKey(figure))
                    .toList();
        }

        /** The points of lines that have the figure; those of a log axis lie above 0. */
        private List<Point> points(List<Line> lines, String x, String column) {
            List<Point> points = new ArrayList<>();
            for (Line line : lines) {
                List<Double> runs = line.figures().getOrDefault(column, List.of());
                if (!runs.isEmpty()) {
                    Spread spread = Spread.of(runs);
                    if (Math.max(spread.low(), least) > 0) {
                        points.add(
                                new Point(
                                        Double.parseDouble(line.is(x)),
                                        new Spread(
                                                Math.max(spread.low(), least),
                                                Math.max(spread.median(), least),
                                                Math.max(spread.high(), least))));
                    }
                }
            }
            return points;
        }

        private static Axis numbers(String title, List<Line> lines, String x) {
            TreeSet<Double> values = new TreeSet<>();
            lines.forEach(line -> values.add(Double.parseDouble(line.is(x))));
            return Axis.at(
                    title,
                    values.stream()
                            .map(v -> new Axis.Tick(v, Tables.grouped("" + Math.round(v))))
                            .toList());
        }
    }
}
