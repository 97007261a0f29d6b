package dev.rustyonions.bus.text;

/**
 * The one rule for names and labels, which reach logs, metrics, flight events and thread dumps, and
 * the way to quote a text that breaks it.
 */
public final class Text {
    /** What {@link #isName} asks for, as messages say it. */
    public static final String NAME =
            "1 to 128 characters, not blank, without control characters, line separators or marks"
                    + " that turn the direction of text";

    /** The longest name, in characters. */
    public static final int LONGEST_NAME = 128;

    /** How much of a refused text a message quotes. */
    private static final int LONGEST_QUOTE = 64;

    private Text() {}

    /**
     * Whether a text may be a name: 1 to {@value #LONGEST_NAME} characters, not all of them space,
     * none of them able to end a line, to be read as a command by a terminal or to turn the
     * direction of the text around it.
     *
     * @param text any text; its length costs nothing
     * @return whether it is a name
     */
    public static boolean isName(String text) {
        if (text.length() > 2 * LONGEST_NAME) {
            return false;
        }
        int characters = 0;
        boolean blank = true;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int character = text.codePointAt(i);
            if (!isPlain(character)) {
                return false;
            }
            blank &= Character.isWhitespace(character) || Character.isSpaceChar(character);
            characters++;
        }
        return !blank && characters <= LONGEST_NAME;
    }

    /**
     * A text in quotation marks, fit for a message that may be logged. Characters that a name must
     * not have are written as escapes; of a long text only the beginning is quoted, and its length
     * is said.
     *
     * @param text any text
     * @return for instance <code>"a\nb"</code>, or <code>"aaaa"... (5000000 characters)</code>
     */
    public static String quoted(String text) {
        StringBuilder quote = new StringBuilder("\"");
        int end = Math.min(text.length(), LONGEST_QUOTE);
        for (int i = 0; i < end; i += Character.charCount(text.codePointAt(i))) {
            append(quote, text.codePointAt(i));
        }
        quote.append('"');
        if (text.length() > end) {
            quote.append("... (").append(text.length()).append(" characters)");
        }
        return quote.toString();
    }

    /**
     * The exception for a value that is not allowed.
     *
     * @param source where the value came from
     * @param value the value; a text {@linkplain #quoted quoted}
     * @param allowed what is allowed
     * @return the exception, to be thrown
     */
    public static IllegalArgumentException refused(String source, String value, String allowed) {
        return new IllegalArgumentException(source + ": " + value + " is not " + allowed);
    }

    private static void append(StringBuilder quote, int character) {
        switch (character) {
            case '\n' -> quote.append("\\n");
            case '\r' -> quote.append("\\r");
            case '\t' -> quote.append("\\t");
            case '"', '\\' -> quote.append('\\').append((char) character);
            default -> {
                if (isPlain(character)) {
                    quote.appendCodePoint(character);
                } else {
                    quote.append(String.format("\\u%04x", character));
                }
            }
        }
    }

    private static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    false;
            case Character.FORMAT -> !turnsDirection(character);
            default -> true;
        };
    }

    private static boolean turnsDirection(int character) {
        return switch (Character.getDirectionality(character)) {
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
                    Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE ->
                    true;
            default -> false;
        };
    }
}
