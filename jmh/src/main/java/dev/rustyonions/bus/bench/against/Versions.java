package dev.rustyonions.bus.bench.against;

import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.run.Interleaved;
import dev.rustyonions.bus.bench.stat.Pairs;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * Takes slices of two versions of the library in turn, in one JVM.
 *
 * <p>Each version is loaded by a class loader of its own, with a copy of the benchmarks of this
 * tree and of all libraries, so that the compiler learns nothing of one version from the other. In
 * one JVM the versions are a slice apart, a millisecond; two JVMs in turn are seconds apart, and
 * what the machine did in those seconds would count as a difference. What the compiler happens to
 * do in one JVM is seen in the next: {@link Against} starts several.
 */
public final class Versions {
    /** The column of a side's name. */
    static final String SIDE = "side";

    private static final String TREE = "this tree, ns an operation";
    private static final String OTHER = "the other, ns an operation";
    private static final double WARM_UP_SECONDS = 2;
    private static final int FEWEST_PASSES = 100;

    /** Sides that no class of the library is in. */
    private static final List<String> NOT_OURS = List.of("floor", "disruptor", "array");

    private final List<Callable<Double>> slices = new ArrayList<>();
    private final List<List<Double>> times = new ArrayList<>();
    private final Random random = new Random(Settings.seed());

    private Versions() {}

    /**
     * Measures each side of a comparison in both versions into the report.
     *
     * @param other the compiled classes of the other version
     */
    public static void run(Report report, String comparison, Path other) throws Exception {
        new Versions().measure(report, comparison, other);
    }

    private void measure(Report report, String comparison, Path other) throws Exception {
        boolean treeFirst = random.nextBoolean();
        Map<String, Callable<Double>> theirs = new LinkedHashMap<>();
        if (!treeFirst) {
            theirs.putAll(slices(comparison, List.of(other), false));
        }
        Map<String, Callable<Double>> ours = slices(comparison, List.of(), true);
        if (treeFirst) {
            theirs.putAll(slices(comparison, List.of(other), false));
        }
        List<String> sides = ours.keySet().stream().filter(s -> !NOT_OURS.contains(s)).toList();
        for (String side : sides) {
            add(Objects.requireNonNull(ours.get(side)));
            add(Objects.requireNonNull(theirs.get(side)));
        }
        passes(WARM_UP_SECONDS);
        times.forEach(List::clear);
        passes(Settings.measuredSeconds() * slices.size());
        for (int i = 0; i < sides.size(); i++) {
            double[] our = array(times.get(2 * i));
            double[] their = array(times.get(2 * i + 1));
            report.add(
                    Row.of("Versions")
                            .with(SIDE, sides.get(i))
                            .with(TREE, join(our))
                            .with(OTHER, join(their)));
        }
    }

    private void add(Callable<Double> slice) {
        slices.add(slice);
        times.add(new ArrayList<>());
    }

    private void passes(double seconds) throws Exception {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < slices.size(); i++) {
            order.add(i);
        }
        long end = System.nanoTime() + (long) (1e9 * seconds);
        for (int pass = 0; pass < FEWEST_PASSES || System.nanoTime() < end; pass++) {
            Collections.shuffle(order, random);
            for (int i : order) {
                times.get(i).add(slices.get(i).call());
            }
        }
    }

    /** The sides of a comparison in this tree, with {@code first} before its classes. */
    @SuppressWarnings("unchecked") // what the method of the same name returns
    private static Map<String, Callable<Double>> slices(
            String comparison, List<Path> first, boolean isTree) throws Exception {
        List<URL> path = new ArrayList<>();
        for (Path classes : first) {
            path.add(url(classes));
        }
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            path.add(url(Path.of(jar)));
        }
        // Not closed: its classes run until the JVM ends.
        @SuppressWarnings("resource")
        ClassLoader loader =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        try {
            return (Map<String, Callable<Double>>)
                    loader.loadClass(Interleaved.class.getName())
                            .getMethod("slices", String.class, boolean.class)
                            .invoke(null, comparison, isTree);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof LinkageError missing) {
                throw new IllegalArgumentException(
                        "the other version lacks what \"" + comparison + "\" calls: " + missing, e);
            }
            throw e;
        }
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    private static double[] array(List<Double> times) {
        return times.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static String join(double[] times) {
        StringBuilder text = new StringBuilder();
        for (double time : times) {
            text.append(text.isEmpty() ? "" : " ").append((float) time);
        }
        return text.toString();
    }

    /** The passes in a row that came from another JVM. */
    static Pairs pairs(Row row) {
        return Pairs.of(split(row, TREE), split(row, OTHER), Pairs.LOW);
    }

    private static double[] split(Row row, String column) {
        String[] times = String.valueOf(row.cells().get(column)).split(" ", -1);
        double[] numbers = new double[times.length];
        for (int i = 0; i < times.length; i++) {
            numbers[i] = Double.parseDouble(times[i]);
        }
        return numbers;
    }
}
