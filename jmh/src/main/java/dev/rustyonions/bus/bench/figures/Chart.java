package dev.rustyonions.bus.bench.figures;

import dev.rustyonions.bus.bench.stat.Spread;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lines over logarithmic axes, written as SVG. Panels stand side by side with one y axis, and share
 * the legend: a name looks the same in all.
 *
 * <p>Text is text. Its widths are estimated, so no font of the machine decides what is written, and
 * the same chart is the same bytes everywhere. One file serves a light and a dark page: its style
 * asks which is preferred.
 *
 * @param title what it shows
 * @param subtitle what it was measured on
 * @param y the axis of all panels
 * @param panels from left to right, with the same order of names
 */
record Chart(String title, String subtitle, Axis y, List<Panel> panels) {
    private static final int WIDTH = 760;
    private static final int LEFT = 74;
    private static final int RIGHT = 28;
    private static final int TOP = 78;
    private static final int GAP = 22;
    private static final int PLOT = 300;
    private static final int BELOW_PLOT = 46;
    private static final int LEGEND_ROW = 21;
    private static final int LEGEND_LINE = 40;
    private static final int BOTTOM = 12;
    private static final int MARK = 4;

    /** The mean width of a character, to the size of the font; generous. */
    private static final double CHARACTER = 0.58;

    private static final int FONT = 13;

    /** Names beyond the colours repeat them with other dashes and marks. */
    private static final int COLOURS = 7;

    private static final List<String> DASHES =
            List.of("", "7 3", "2 3", "9 3 2 3", "12 4", "5 2 1 2 1 2");

    /**
     * Colours that people who do not see red and green apart can tell apart, each dark on a light
     * page and light on a dark one (after Okabe and Ito, Color universal design, 2008).
     */
    private static final String STYLE =
            """
            text{font:13px system-ui,"Segoe UI","Liberation Sans",Arial,sans-serif;fill:#1f2328}
            .t{font-size:16px;font-weight:600}.s{fill:#59636e;font-size:12px}
            .b{fill:#fff}.g{stroke:#d1d9e0}.a{stroke:#59636e}
            .l{fill:none;stroke:currentColor;stroke-width:1.6}.e{stroke-width:3}
            .q{stroke:currentColor;opacity:.55}.m{fill:currentColor;stroke:currentColor}
            .h{fill:#fff;stroke:currentColor;stroke-width:1.6}
            .c0{color:#0060a8}.c1{color:#c24e00}.c2{color:#007a5a}.c3{color:#9c3d8f}
            .c4{color:#8a6100}.c5{color:#2789b8}.c6{color:#4d4d4d}
            @media(prefers-color-scheme:dark){
            text{fill:#f0f6fc}.s{fill:#9198a1}.b,.h{fill:#0d1117}
            .g{stroke:#30363d}.a{stroke:#9198a1}
            .c0{color:#58b1f5}.c1{color:#ff8f4d}.c2{color:#34cba0}.c3{color:#e48fd4}
            .c4{color:#e3b341}.c5{color:#9bdcf7}.c6{color:#c9d1d9}
            }
            """;

    /**
     * A plot.
     *
     * @param title what it has that the others do not; empty if it is the only one
     */
    record Panel(String title, Axis x, List<Series> series) {}

    /**
     * A line through medians, with the quartiles of each.
     *
     * @param isOurs whether it stands out
     */
    record Series(String name, boolean isOurs, List<Point> points) {}

    /** A median over a place of the x axis, with its quartiles. */
    record Point(double x, Spread y) {}

    /** The picture as a file. */
    String svg() {
        Map<String, Integer> names = names();
        int columns = legendColumns(names);
        int rows = (names.size() + columns - 1) / columns;
        int height = TOP + PLOT + BELOW_PLOT + rows * LEGEND_ROW + BOTTOM;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(WIDTH)
                .append("\" height=\"")
                .append(height)
                .append("\" viewBox=\"0 0 ")
                .append(WIDTH + " " + height)
                .append("\" role=\"img\">\n<title>")
                .append(escaped(title + ". " + subtitle))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n<rect class=\"b\" width=\"")
                .append(WIDTH)
                .append("\" height=\"")
                .append(height)
                .append("\"/>\n");
        text(svg, "t", 14, 26, "", title);
        text(svg, "s", 14, 45, "", subtitle);
        svg.append("<text transform=\"rotate(-90)\" text-anchor=\"middle\" x=\"")
                .append(-(TOP + PLOT / 2))
                .append("\" y=\"17\">")
                .append(escaped(y.title()))
                .append("</text>\n");
        int width = (WIDTH - LEFT - RIGHT - GAP * (panels.size() - 1)) / panels.size();
        for (int i = 0; i < panels.size(); i++) {
            plot(svg, panels.get(i), LEFT + i * (width + GAP), width, i == 0, names);
        }
        legend(svg, names, columns);
        return svg.append("</svg>\n").toString();
    }

    private void plot(
            StringBuilder svg,
            Panel panel,
            int left,
            int width,
            boolean isFirst,
            Map<String, Integer> names) {
        if (!panel.title.isEmpty()) {
            text(svg, "", left + width / 2.0, TOP - 9, "middle", panel.title);
        }
        int bottom = TOP + PLOT;
        for (Axis.Tick tick : y.ticks()) {
            double at = down(tick.value());
            line(svg, "g", left, at, left + width, at);
            if (isFirst) {
                text(svg, "", left - 7, at + 4.5, "end", tick.text());
            }
        }
        for (Axis.Tick tick : panel.x.ticks()) {
            double at = left + width * panel.x.place(tick.value());
            line(svg, "g", at, TOP, at, bottom);
            text(svg, "", at, bottom + 18, "middle", tick.text());
        }
        line(svg, "a", left, bottom, left + width, bottom);
        text(svg, "", left + width / 2.0, bottom + 38, "middle", panel.x.title());
        for (Series series : panel.series) {
            int look = names.getOrDefault(series.name, 0);
            svg.append("<g class=\"c").append(look % COLOURS).append("\">\n");
            StringBuilder path = new StringBuilder();
            for (Point point : series.points) {
                double across = left + width * panel.x.place(point.x);
                path.append(path.isEmpty() ? "M" : "L")
                        .append(number(across))
                        .append(' ')
                        .append(number(down(point.y.median())));
                if (down(point.y.low()) - down(point.y.high()) > 1) {
                    line(svg, "q", across, down(point.y.low()), across, down(point.y.high()));
                }
            }
            path(svg, path.toString(), look, series.isOurs);
            for (Point point : series.points) {
                mark(svg, left + width * panel.x.place(point.x), down(point.y.median()), look);
            }
            svg.append("</g>\n");
        }
    }

    private void legend(StringBuilder svg, Map<String, Integer> names, int columns) {
        double column = (double) (WIDTH - LEFT - RIGHT) / columns;
        names.forEach(
                (name, look) -> {
                    double left = LEFT + column * (look % columns);
                    double middle = TOP + PLOT + BELOW_PLOT + LEGEND_ROW * (look / columns + 0.5);
                    svg.append("<g class=\"c").append(look % COLOURS).append("\">\n");
                    path(
                            svg,
                            "M" + number(left) + " " + number(middle) + "h" + (LEGEND_LINE - 8),
                            look,
                            isOurs(name));
                    mark(svg, left + (LEGEND_LINE - 8) / 2.0, middle, look);
                    svg.append("</g>\n");
                    text(svg, "", left + LEGEND_LINE, middle + 4.5, "", name);
                });
    }

    /** As many columns as the longest name leaves room for. */
    private static int legendColumns(Map<String, Integer> names) {
        int longest = names.keySet().stream().mapToInt(String::length).max().orElse(1);
        double entry = LEGEND_LINE + 14 + CHARACTER * FONT * longest;
        return Math.clamp((int) ((WIDTH - LEFT - RIGHT) / entry), 1, Math.max(1, names.size()));
    }

    /** The names in the order in which they come, each with its place in it. */
    private Map<String, Integer> names() {
        Map<String, Integer> names = new LinkedHashMap<>();
        for (Series series : series()) {
            names.putIfAbsent(series.name, names.size());
        }
        return names;
    }

    private boolean isOurs(String name) {
        return series().stream().anyMatch(series -> series.name.equals(name) && series.isOurs);
    }

    private List<Series> series() {
        List<Series> all = new ArrayList<>();
        panels.forEach(panel -> all.addAll(panel.series));
        return all;
    }

    private double down(double value) {
        return TOP + PLOT * (1 - y.place(value));
    }

    private static void path(StringBuilder svg, String path, int look, boolean isOurs) {
        String dashes = DASHES.get(look % DASHES.size());
        svg.append("<path class=\"l").append(isOurs ? " e" : "").append('"');
        if (!dashes.isEmpty()) {
            svg.append(" stroke-dasharray=\"").append(dashes).append('"');
        }
        svg.append(" d=\"").append(path).append("\"/>\n");
    }

    /** Ten marks; every second one is hollow. */
    private static void mark(StringBuilder svg, double x, double y, int look) {
        String kind = look % 2 == 0 ? "m" : "h";
        int r = MARK;
        String shape =
                switch (look / 2 % 5) {
                    case 0 -> null;
                    case 1 -> "m-4-4h8v8h-8z";
                    case 2 -> "m0-5.5l5 9h-10z";
                    case 3 -> "m0-5.5l5.5 5.5l-5.5 5.5l-5.5-5.5z";
                    default -> "m0 5.5l5-9h-10z";
                };
        if (shape == null) {
            svg.append("<circle class=\"")
                    .append(kind)
                    .append("\" cx=\"")
                    .append(number(x))
                    .append("\" cy=\"")
                    .append(number(y))
                    .append("\" r=\"")
                    .append(r)
                    .append("\"/>\n");
        } else {
            svg.append("<path class=\"")
                    .append(kind)
                    .append("\" d=\"M")
                    .append(number(x))
                    .append(' ')
                    .append(number(y))
                    .append(shape)
                    .append("\"/>\n");
        }
    }

    private static void line(
            StringBuilder svg, String kind, double x1, double y1, double x2, double y2) {
        svg.append("<path class=\"")
                .append(kind)
                .append("\" d=\"M")
                .append(number(x1))
                .append(' ')
                .append(number(y1))
                .append('L')
                .append(number(x2))
                .append(' ')
                .append(number(y2))
                .append("\"/>\n");
    }

    private static void text(
            StringBuilder svg, String kind, double x, double y, String anchor, String text) {
        svg.append("<text");
        if (!kind.isEmpty()) {
            svg.append(" class=\"").append(kind).append('"');
        }
        if (!anchor.isEmpty()) {
            svg.append(" text-anchor=\"").append(anchor).append('"');
        }
        svg.append(" x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\">")
                .append(escaped(text))
                .append("</text>\n");
    }

    /** A coordinate to a tenth, without a zero behind the point. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
