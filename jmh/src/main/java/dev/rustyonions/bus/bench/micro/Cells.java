package dev.rustyonions.bus.bench.micro;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The floor: an array of immutable 24-byte records, and the least that a publish and a receive
 * could do with it.
 */
final class Cells {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Cell[].class);

    private final @Nullable Cell[] cells;
    private final int mask;
    private long next;
    private long cursor;

    /** As large as a message: a header, a long, a reference. */
    record Cell(long sequence, Object event) {}

    Cells(int capacity) {
        cells = new Cell[capacity];
        mask = capacity - 1;
    }

    /** One compare-and-set of a new record, and the increment of an index. */
    boolean publish(Object event) {
        long t = next;
        int slot = (int) t & mask;
        boolean placed = SLOT.compareAndSet(cells, slot, cells[slot], new Cell(t, event));
        next = t + 1;
        return placed;
    }

    /**
     * Walks the records that are there: for each one acquire load and one comparison. Returns how
     * many.
     */
    int walk(Blackhole sink) {
        long start = cursor;
        long at = start;
        while (true) {
            Cell cell = (Cell) SLOT.getAcquire(cells, (int) at & mask);
            if (cell == null || cell.sequence != at) {
                break;
            }
            sink.consume(cell.event);
            at++;
        }
        cursor = at;
        return (int) (at - start);
    }
}
