package dev.rustyonions.bus.document;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of Java from a document or from Javadoc, made into a compilation unit.
 *
 * <p>A piece with a {@code main} method is a program and stands as it is. One that begins with a
 * method or a type becomes the body of a class, and any other the body of a method; both find the
 * names that a reader would supply, {@code bus}, {@code sender}, {@code rx}, {@code executor},
 * {@code handle} and {@code resynchronize}.
 *
 * @param file where the piece stands
 * @param line the number of its first line there; the compiler counts the same
 * @param text the piece
 */
record Snippet(Path file, int line, String text) {
    private static final Pattern PROGRAM =
            Pattern.compile(
                    "class (\\w+) \\{.*static void main\\(String\\[\\] args\\)", Pattern.DOTALL);
    private static final Pattern MEMBER =
            Pattern.compile(
                    "^(?:(?:public|private|static|final|abstract|sealed) )*"
                            + "(?:(?:class|record|enum|interface) \\w+"
                            + "|(?:<.*> )?[\\w.<>,? ]+ \\w+\\(.*\\)(?: throws \\w+)? \\{\\s*$)",
                    Pattern.MULTILINE);
    private static final Pattern LEADING =
            Pattern.compile(
                    "\\A(?:\\s*//[^\\n]*\\n|\\s*/\\*.*?\\*/|\\s*@\\w+\\n|\\s+)*", Pattern.DOTALL);
    private static final Pattern STATEMENT =
            Pattern.compile("^(?:try|while|for|switch|if|return|new)\\b");

    boolean isProgram() {
        return PROGRAM.matcher(text).find();
    }

    /** The package of the compilation unit: by the path, as several documents are a README.md. */
    String packageName() {
        Path shown = file.isAbsolute() ? Project.root().relativize(file) : file;
        return "snippet." + shown.toString().replaceAll("\\W", "_") + "_" + line;
    }

    /** The class of the compilation unit. */
    String className() {
        Matcher program = PROGRAM.matcher(text);
        return program.find() ? program.group(1) : "Fragment";
    }

    /** The compilation unit; its lines have the numbers they have in the document. */
    String source() {
        String padding = "\n".repeat(line - 1);
        String head = "package " + packageName() + "; ";
        if (isProgram()) {
            return padding + head + text;
        }
        String imports =
                "import dev.rustyonions.bus.*; import java.time.Duration; import java.util.*;"
                        + " import java.util.concurrent.*; import java.util.concurrent.atomic.*;"
                        + " import java.util.function.*; import java.io.*; import java.net.*;"
                        + " import com.sun.net.httpserver.*;"
                        + " import static java.nio.charset.StandardCharsets.UTF_8; "
                        + SnippetModule.OPTIONAL_IMPORTS;
        String supplied =
                "abstract class Fragment { Bus<Event> bus; Sender<Event> sender;"
                        + " Receiver<Event> rx; ExecutorService executor;"
                        + " abstract void handle(Event event);"
                        + " abstract void resynchronize(long missed); ";
        String opening = isMembers() ? "" : "void statements() throws Exception { ";
        String closing = isMembers() ? "}" : "}}";
        return padding + head + imports + supplied + opening + text + closing + "\n";
    }

    private boolean isMembers() {
        String body = LEADING.matcher(text).replaceFirst("");
        return !STATEMENT.matcher(body).find() && MEMBER.matcher(body).lookingAt();
    }
}
