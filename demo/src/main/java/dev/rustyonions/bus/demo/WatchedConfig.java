package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A configuration file in a temporary directory, watched: each edit, the demo's own or one made in
 * an editor meanwhile, is a new version.
 */
final class WatchedConfig implements Source {
    private static final String OWN_LINE = "edits.by.demo = ";

    private final CountingSender sender;
    private final Path directory;
    private final Path file;
    private final WatchService watch;
    private final Thread watcher;

    /** Edits made by the demo itself; the demo's main thread only. */
    private long edits;

    /** What the file held when it was last looked at, and how often that changed; the watcher's. */
    private String content;

    private long version;

    WatchedConfig(CountingSender sender) throws IOException {
        this.sender = sender;
        this.directory = Files.createTempDirectory("ron-bus-demo");
        this.file = directory.resolve("demo.conf");
        write();
        this.content = Files.readString(file);
        this.watch = directory.getFileSystem().newWatchService();
        directory.register(
                watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        this.watcher = Thread.ofPlatform().name("config-watcher").daemon().start(this::watch);
    }

    @Override
    public CountingSender sender() {
        return sender;
    }

    /** The file that is watched. */
    Path file() {
        return file;
    }

    private void watch() {
        try {
            while (true) {
                WatchKey key = watch.take();
                // Whatever happened, an overflow of the watch's own queue included, the file tells.
                key.pollEvents();
                look();
                key.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            // Closed: the end.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void look() throws IOException {
        String now;
        try {
            now = Files.readString(file);
        } catch (NoSuchFileException e) {
            // An editor that saves by renaming; the rename wakes the watch again.
            return;
        }
        // A save may show several times, and as an empty file in between.
        if (!now.isEmpty() && !now.equals(content)) {
            content = now;
            version++;
            sender.publish(new Event.ConfigUpdated(version));
        }
    }

    /** Edits the file, as the user may. */
    @Override
    public void provoke() {
        try {
            write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Changes the demo's own line and keeps what the user wrote; replaces the file at once, so that
     * nobody reads half of it.
     */
    private void write() throws IOException {
        List<String> lines = new ArrayList<>();
        if (Files.exists(file)) {
            lines.addAll(Files.readAllLines(file));
            lines.removeIf(line -> line.startsWith(OWN_LINE));
        } else {
            lines.add("# Every change to this file is a ConfigUpdated.");
        }
        lines.add(OWN_LINE + edits++);
        Path next = directory.resolve("demo.conf.next");
        Files.write(next, lines);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        try {
            watch.close();
            watcher.join();
            try (Stream<Path> left = Files.walk(directory)) {
                for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
