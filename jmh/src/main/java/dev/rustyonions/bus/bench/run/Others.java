package dev.rustyonions.bus.bench.run;

import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much of the machine everything but this process had since a moment: from Linux's count of
 * busy and stolen time, of which this process's own is taken off. Where there is no such count,
 * nothing is known of others, and they had 0.
 */
public final class Others {
    /** The column of the share. */
    public static final String SHARE = "others' share of the processors";

    private static final Path STAT = Path.of("/proc/stat");
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int STEAL = 7;
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final long begun = System.nanoTime();
    private final long own = SYSTEM.getProcessCpuTime();
    private final double[] ticks = ticks();

    private Others() {}

    static Others fromNow() {
        return new Others();
    }

    /** From 0 to 1: of all processors, since this was made. */
    double share() {
        double[] now = ticks();
        double all = now[1] - ticks[1];
        if (all <= 0) {
            return 0;
        }
        double processors = Runtime.getRuntime().availableProcessors();
        double ours =
                (SYSTEM.getProcessCpuTime() - own) / (processors * (System.nanoTime() - begun));
        return Math.clamp((now[0] - ticks[0]) / all - ours, 0.0, 1.0);
    }

    /** Busy ticks and all ticks of the machine; zeros where they are not to be had. */
    private static double[] ticks() {
        try {
            List<Double> fields =
                    Files.readAllLines(STAT).stream()
                            .filter(line -> line.startsWith("cpu "))
                            .flatMap(line -> List.of(line.strip().split("\\s+")).stream())
                            .skip(1)
                            .limit(STEAL + 1)
                            .map(Double::valueOf)
                            .toList();
            if (fields.size() <= STEAL) {
                return new double[2];
            }
            double all = fields.stream().mapToDouble(Double::doubleValue).sum();
            return new double[] {all - fields.get(IDLE) - fields.get(IO_WAIT), all};
        } catch (IOException e) {
            return new double[2];
        }
    }
}
