package dev.rustyonions.bus.example.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;

import org.jspecify.annotations.Nullable;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Writes each change to a file, and has the disk confirm a batch at a time. */
public final class AuditLog {
    private static final int BATCH = 256;

    private final Bus<Change> bus;
    private final FileOutputStream file; // not a channel: an interrupt would close it
    private final Receiver<Change> rx;
    private final StringBuilder lines = new StringBuilder();
    private long next;
    private @Nullable Reason end;
    private volatile long onDisk;

    /**
     * Opens the file, then subscribes.
     *
     * @param patience how long publishers wait for a disk that does not answer
     */
    public AuditLog(Bus<Change> bus, Path path, Duration patience) throws IOException {
        this.bus = bus;
        this.file = new FileOutputStream(path.toFile(), true);
        this.rx = bus.subscribe(o -> o.name("audit").lossless(patience));
    }

    /** For a thread of its own: returns when the bus is closed, and closes it if the log fails. */
    public Reason write() throws IOException {
        // Closed from right to left: first the bus, since without a log there are to be no changes.
        try (file;
                rx;
                bus) {
            while (end == null) {
                append(rx.recv());
                rx.drain(BATCH, this::append);
                flush();
            }
            lines.append("end ").append(end);
            lines.append(" delivered ").append(rx.delivered());
            lines.append(" missed ").append(rx.missed()).append('\n');
            flush();
            return end;
        }
    }

    private void append(Received<Change> received) {
        switch (received) {
            case Message<Change>(long sequence, Change change) -> {
                lines.append(sequence).append(' ').append(change).append('\n');
                next = sequence + 1;
            }
            case Lagged<Change>(long from, long missed) -> {
                lines.append("missed ").append(missed).append(" from ").append(from).append('\n');
                next = from + missed;
            }
            case Closed<Change> closed -> end = closed.reason();
        }
    }

    private void flush() throws IOException {
        file.write(lines.toString().getBytes(UTF_8));
        file.getFD().sync();
        lines.setLength(0);
        onDisk = next;
    }

    /** Changes with a sequence below this are on the disk, those missed aside. */
    public long onDisk() {
        return onDisk;
    }
}
