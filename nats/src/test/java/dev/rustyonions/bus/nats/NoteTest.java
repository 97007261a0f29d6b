package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an export says of itself in a header, there and back. */
class NoteTest {
    @Test
    void whatIsWrittenIsReadAgain() {
        for (Note.Kind kind : Note.Kind.values()) {
            Note written = new Note(kind, "0a-b.c_9", 12, 1_000, new long[] {1, 0, 0, 4, 5});
            assertThat(written.toText()).endsWith(" 12 1000 lagged=1 too-large=4 not-encodable=5");
            Note read = Note.of(written.toText());
            assertThat(read).usingRecursiveComparison().isEqualTo(written);
        }
    }

    @Test
    void whatAnExportOfSeveralEventsAtATimeSaysIsReadAgain() {
        Note written = new Note(Note.Kind.EVENT, "e", 12, 1_000, new long[5], 64, 3, 7);
        assertThat(written.toText()).isEqualTo("v1 event e 12 1000 events=64 message=3 settled=7");
        assertThat(Note.of(written.toText())).usingRecursiveComparison().isEqualTo(written);
    }

    @Test
    void aCauseOfALaterVersionIsPassedOver() {
        assertThat(Note.of("v1 event e 3 1000 eaten=1 lagged=2").unsent)
                .containsExactly(2, 0, 0, 0, 0);
        assertThat(Note.of("v1 event e 3 1000 lagged-twice=1").unsent)
                .containsExactly(0, 0, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "v1",
                "v2 event e 0 1000",
                "v1 song e 0 1000",
                "v1 event  0 1000",
                "v1 event e\n 0 1000",
                "v1 event \u00e9 0 1000",
                "v1 events e 0 1000",
                "v1 event e",
                "v1 event e 0",
                "v1 event e -1 1000",
                "v1 event e +1 1000",
                "v1 event e 1000000000000000000 1000",
                "v1 event e x 1000",
                "v1 event e 99999999999999999999 1000",
                "v1 event e 0 0",
                "v1 event e 0 86400001",
                "v1 event e 0 1000 lagged",
                "v1 event e 0 1000 lagged=",
                "v1 event e 0 1000 lagged=-1",
                "v1 event e 0 1000 lagged=1=2",
                "v1 event e 0 1000 events=0",
                "v1 event e 0 1000 events=4097",
                "v1 event e 0 1000 "
            })
    void whatNoExportWritesIsNone(String text) {
        assertThat(Note.of(text)).isNull();
    }

    @Test
    void anEpochHasEightyCharactersAtMost() {
        assertThat(Note.of("v1 event " + "e".repeat(80) + " 0 1000")).isNotNull();
        assertThat(Note.of("v1 event " + "e".repeat(81) + " 0 1000")).isNull();
    }

    @Test
    void noHeaderAndAnEndlessOneAreNone() {
        assertThat(Note.of(null)).isNull();
        assertThat(Note.of("v1 event e 0 1000 lagged=1" + " lagged=1".repeat(1_000))).isNull();
    }
}
