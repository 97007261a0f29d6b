package dev.rustyonions.bus.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be a name, and how a message quotes what may not. */
class TextTest {
    /** A character outside the first plane: two units of UTF-16. */
    private static final String WIDE = Character.toString(0x1F98B);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "orders",
                "Größe 3",
                "注文",
                "a\u00a0b",
                "\u05d0\u05d1",
                "a'b\"c\\d{0}%s",
                "-"
            })
    void aTextOfOneLineIsAName(String text) {
        assertThat(Text.isName(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t",
                "\u00a0",
                "\u3000 ",
                "a\nb",
                "a\rb",
                "a\tb",
                "\u001b[31m",
                "a\u0000",
                "a\u007f",
                "a\u0085b",
                "a\u009bb",
                "a\u2028b",
                "a\u2029b",
                "\u202egpj",
                "a\u2066b",
                "a\u2069",
                "\ud800",
                "a\udc00b",
                "a\n"
            })
    void aTextThatIsBlankOrCouldForgeALineIsNone(String text) {
        assertThat(Text.isName(text)).isFalse();
    }

    @Test
    void aNameHasAtMost128Characters() {
        assertThat(Text.isName("x".repeat(128))).isTrue();
        assertThat(Text.isName("x".repeat(129))).isFalse();
        assertThat(Text.isName(WIDE.repeat(128))).isTrue();
        assertThat(Text.isName(WIDE.repeat(129))).isFalse();
        assertThat(Text.isName(WIDE.repeat(64) + "x".repeat(64))).isTrue();
        assertThat(Text.isName("x".repeat(5_000_000))).isFalse();
    }

    @Test
    void aQuoteHasNoCharacterThatANameMustNotHave() {
        assertThat(Text.quoted("a\nb\rc\td")).isEqualTo("\"a\\nb\\rc\\td\"");
        assertThat(Text.quoted("\u001b[31m\u0000\u0085\u2028\u202e"))
                .isEqualTo("\"\\u001b[31m\\u0000\\u0085\\u2028\\u202e\"");
        assertThat(Text.quoted("\ud800")).isEqualTo("\"\\ud800\"");
        assertThat(Text.quoted("é注" + WIDE)).isEqualTo("\"é注" + WIDE + "\"");
    }

    @Test
    void aQuoteEndsWhereItSeemsTo() {
        assertThat(Text.quoted("a\" b\\")).isEqualTo("\"a\\\" b\\\\\"");
    }

    @Test
    void aLongTextIsCutAndItsLengthIsSaid() {
        String x64 = "x".repeat(64);
        assertThat(Text.quoted(x64)).isEqualTo("\"" + x64 + "\"");
        assertThat(Text.quoted("x".repeat(5_000_000)))
                .isEqualTo("\"" + x64 + "\"... (5000000 characters)");
    }
}
