package dev.rustyonions.bus.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Message;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

class TableTest {
    @Test
    void aRowStandsBelowItsHeading() {
        List<String> lines =
                Table.lines(
                        List.of(
                                new Table.Row(
                                        "slow", 12, 3_456_789, 64, message(new Event.Shutdown())),
                                new Table.Row("fast-1", 1_234_567_890, 0, 0, null)));

        assertEquals(
                """
                receiver         delivered          missed   depth  last live event
                slow                    12       3,456,789      64  #7 shutdown
                fast-1       1,234,567,890               0       0""",
                String.join("\n", lines));
    }

    @Test
    void eachKindOfEventIsShownWithItsPayload() {
        assertEquals("#7 health jvm.cpu 37 % ok", text(new Event.Health("jvm.cpu 37 %", true)));
        assertEquals("#7 health jvm.gc NOT OK", text(new Event.Health("jvm.gc", false)));
        assertEquals("#7 config version 3", text(new Event.ConfigUpdated(3)));
        assertEquals("#7 crash worker: why", text(new Event.ServiceCrashed("worker", "why")));
        assertEquals("#7 shutdown", text(new Event.Shutdown()));
    }

    @Test
    void whatWouldSteerTheTerminalIsBlanked() {
        String text = text(new Event.ServiceCrashed("worker", "a\nb\u001b[2Jc"));

        assertEquals("#7 crash worker: a b [2Jc", text);
    }

    @Test
    void rowsTooManyToShowAreSummedUp() {
        List<Table.Row> rows =
                IntStream.range(0, Table.MOST_ROWS + 3)
                        .mapToObj(i -> new Table.Row("r" + i, 1_000, 10, i, null))
                        .toList();

        List<String> lines = Table.rows(rows);

        assertEquals(Table.MOST_ROWS + 1, lines.size());
        assertEquals("3 more               3,000              30      22", lines.getLast());
        assertFalse(Table.rows(rows.subList(0, Table.MOST_ROWS)).getLast().contains("more"));
    }

    @Test
    void theTableIsTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            assertEquals(
                    "r                    1,000               0       0",
                    Table.rows(List.of(new Table.Row("r", 1_000, 0, 0, null))).getFirst());
        } finally {
            Locale.setDefault(before);
        }
    }

    private static Message<Event> message(Event event) {
        return new Message<>(7, event);
    }

    private static String text(Event event) {
        return Table.text(message(event));
    }
}
