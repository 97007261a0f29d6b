package dev.rustyonions.bus.footprint;

import dev.rustyonions.bus.Bus;

import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.info.FieldLayout;
import org.openjdk.jol.vm.VM;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Prints which of the fields that every publisher reads do not have 128 bytes to themselves on
 * either side, by the layout that this JVM gives them.
 */
final class PublisherLines {
    private static final int LINE = 128;
    private static final String PACKAGE = Bus.class.getPackageName() + ".";

    private PublisherLines() {}

    public static void main(String[] args) throws Exception {
        check("BusSender", Set.of("bus"), Set.of());
        check("Bus", Set.of("channel", "observers"), Set.of("config", "id"));
        check("Observers", Set.of("sampler"), Set.of());
        check(
                "ring.Channel",
                Set.of("ring", "wakeUps", "receivers", "room"),
                Set.of("publisherWaits", "amnesia", "listener", "lingerNanos"));
        check("ring.WakeUps", Set.of("virtuals", "platforms"), Set.of());
        check("ring.Ring", Set.of("slots", "mask"), Set.of("watched"));
        check("ring.Ring", Set.of("hint"), Set.of());
        check("ring.WaitStack", Set.of("top", "laidAside"), Set.of());
        check("ring.Receivers", Set.of("count"), Set.of());
        check("ring.Room", Set.of("limit"), Set.of());
        check("ring.Room", Set.of("waiting"), Set.of());
        check("ring.Limit", Set.of("below"), Set.of());
        checkSlots();
        System.out.println("checked");
    }

    /**
     * Checks one group of fields.
     *
     * @param read what publishers read
     * @param constant what may lie beside it, because nobody writes it
     */
    private static void check(String name, Set<String> read, Set<String> constant)
            throws ClassNotFoundException {
        ClassLayout layout = ClassLayout.parseClass(Class.forName(PACKAGE + name));
        List<FieldLayout> group =
                layout.fields().stream().filter(field -> read.contains(field.name())).toList();
        if (group.size() != read.size()) {
            System.out.println(name + " has not all of " + read);
            return;
        }
        long from = group.stream().mapToLong(FieldLayout::offset).min().orElseThrow();
        long to =
                group.stream()
                        .mapToLong(field -> field.offset() + field.size())
                        .max()
                        .orElseThrow();
        // What precedes and follows the object in memory may be anything.
        report(name, read, "what precedes the object", from);
        report(name, read, "what follows the object", layout.instanceSize() - to);
        for (FieldLayout field : layout.fields()) {
            if (!read.contains(field.name())
                    && !constant.contains(field.name())
                    && !isPadding(field.name())) {
                long distance = Math.max(from - field.offset() - field.size(), field.offset() - to);
                report(name, read, field.name(), distance);
            }
        }
    }

    private static boolean isPadding(String field) {
        return field.endsWith("Gap") || field.matches("[abc][01][0-7]");
    }

    private static void report(String name, Set<String> read, String other, long distance) {
        if (distance < LINE) {
            System.out.println(name + ": " + distance + " bytes from " + read + " to " + other);
        }
    }

    /** The slots of a ring of two: what is before the first and after the last. */
    private static void checkSlots() throws ReflectiveOperationException {
        try (Bus<String> bus = Bus.create(2)) {
            Object ring = field(field(bus, "channel"), "ring");
            Object[] slots = (Object[]) field(ring, "slots");
            bus.publish("first");
            bus.publish("second");
            long header = VM.current().arrayBaseOffset("java.lang.Object");
            long each = VM.current().arrayIndexScale("java.lang.Object");
            List<Object> cells = Arrays.asList(slots);
            int first =
                    cells.indexOf(cells.stream().filter(c -> c != null).findFirst().orElseThrow());
            report("slots", Set.of("slots"), "what precedes the array", header + first * each);
            report(
                    "slots",
                    Set.of("slots"),
                    "what follows the array",
                    (slots.length - first - 2) * each);
        }
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(of);
                }
            }
        }
        throw new NoSuchFieldException(name);
    }
}
