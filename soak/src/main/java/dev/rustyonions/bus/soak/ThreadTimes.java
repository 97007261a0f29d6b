package dev.rustyonions.bus.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * For how long the threads of this program have run, and for how long they were ready and waited
 * for a processor, as Linux counts it for each thread in {@code /proc/self/task/N/schedstat}. Not
 * thread-safe.
 */
final class ThreadTimes implements AutoCloseable {
    /** A thread whose file is kept open: to open one takes longer than to read it. */
    private static final class Task {
        private final int at;
        private final FileChannel file;
        private long run;
        private long waited;

        Task(int group, FileChannel file) {
            this.at = 2 * group;
            this.file = file;
        }
    }

    private final Path folder;
    private final List<Pattern> groups;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(128);
    private final List<Task> tasks = new ArrayList<>();
    private final Set<Path> seen = new HashSet<>();

    /** What the threads that have ended had run and waited. */
    private final long[] ended;

    /**
     * Reads those of the threads in a folder.
     *
     * @param folder {@code /proc/self/task}, or one like it
     * @param groups for each group that is counted together, what the names of its threads are, of
     *     which Linux has the first 15 characters
     */
    ThreadTimes(Path folder, List<Pattern> groups) {
        this.folder = folder;
        this.groups = groups;
        this.ended = new long[2 * groups.size()];
    }

    /** Whether there are such times: on Linux, unless it was built without them. */
    static boolean available(Path folder) {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(folder)) {
            for (Path thread : threads) {
                return !Files.readString(thread.resolve("schedstat")).isBlank();
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /** Looks for threads that have begun since the last call. */
    void look() {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(folder)) {
            Set<Path> alive = new HashSet<>();
            for (Path thread : threads) {
                alive.add(thread);
                if (!seen.contains(thread)) {
                    open(thread);
                }
            }
            seen.clear();
            seen.addAll(alive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void open(Path thread) {
        try {
            String name = Files.readString(thread.resolve("comm")).stripTrailing();
            for (int i = 0; i < groups.size(); i++) {
                if (groups.get(i).matcher(name).matches()) {
                    tasks.add(new Task(i, FileChannel.open(thread.resolve("schedstat"))));
                }
            }
        } catch (IOException e) {
            // It has ended meanwhile.
        }
    }

    /**
     * Nanoseconds that the threads of each group have run so far, and that they have waited.
     *
     * @param into two numbers of each group, in the order of the groups
     */
    void read(long[] into) {
        tasks.removeIf(this::hasEnded);
        System.arraycopy(ended, 0, into, 0, ended.length);
        for (Task task : tasks) {
            into[task.at] += task.run;
            into[task.at + 1] += task.waited;
        }
    }

    /** Reads one anew; whether it has ended. */
    private boolean hasEnded(Task task) {
        try {
            buffer.clear();
            if (task.file.read(buffer, 0) > 0) {
                String numbers = StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
                int second = numbers.indexOf(' ') + 1;
                task.run = Long.parseLong(numbers, 0, second - 1, 10);
                task.waited = Long.parseLong(numbers, second, numbers.indexOf(' ', second), 10);
                return false;
            }
            task.file.close();
        } catch (IOException e) {
            // There is no thread to that file any more.
        }
        ended[task.at] += task.run;
        ended[task.at + 1] += task.waited;
        return true;
    }

    @Override
    public void close() {
        for (Task task : tasks) {
            try {
                task.file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
