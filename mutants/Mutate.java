import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plants one fault: applies the edits of a {@code .mutant} file to a tree. Started as a single
 * source file.
 *
 * <p>Such a file begins with a line {@code # invariants: what is broken}, then has edits:
 * {@code @@ path}, {@code -- find}, text, {@code -- replace}, text, {@code -- end}. The text to
 * find must occur exactly once, blanks and line ends aside, so an edit survives reformatting and
 * moved lines and fails once the code it breaks has changed.
 */
final class Mutate {
    private record Edit(String file, String find, String replace) {}

    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: Mutate file.mutant tree; got " + List.of(args));
            System.exit(2);
        }
        Path mutant = Path.of(args[0]);
        List<Edit> edits = edits(mutant, Files.readAllLines(mutant));
        for (Edit edit : edits) {
            Path file = Path.of(args[1]).resolve(edit.file);
            String source = Files.readString(file);
            Matcher matcher = pattern(edit.find).matcher(source);
            if (!matcher.find()) {
                fail(mutant, edit.file + " has no \"" + edit.find.strip() + "\"");
            }
            int from = matcher.start();
            int to = matcher.end();
            if (matcher.find()) {
                fail(mutant, edit.file + " has more than one \"" + edit.find.strip() + "\"");
            }
            Files.writeString(
                    file, source.substring(0, from) + edit.replace.strip() + source.substring(to));
        }
    }

    private static List<Edit> edits(Path mutant, List<String> lines) {
        List<Edit> edits = new ArrayList<>();
        String file = "";
        StringBuilder find = new StringBuilder();
        StringBuilder replace = new StringBuilder();
        StringBuilder target = null;
        for (String line : lines) {
            if (line.startsWith("@@ ")) {
                file = line.substring(3).strip();
            } else if (line.equals("-- find")) {
                find.setLength(0);
                replace.setLength(0);
                target = find;
            } else if (line.equals("-- replace")) {
                target = replace;
            } else if (line.equals("-- end")) {
                edits.add(new Edit(file, find.toString(), replace.toString()));
                target = null;
            } else if (target != null) {
                target.append(line).append('\n');
            } else if (!line.isBlank() && !line.startsWith("#")) {
                fail(mutant, "\"" + line + "\" stands outside an edit");
            }
        }
        if (edits.isEmpty() || target != null) {
            fail(mutant, "no edit, or one without \"-- end\"");
        }
        return edits;
    }

    /** Matches the text with any blanks, or none, wherever it has some or could have some. */
    private static Pattern pattern(String text) {
        Matcher tokens = Pattern.compile("\\w+|[^\\w\\s]").matcher(text);
        StringBuilder regex = new StringBuilder();
        while (tokens.find()) {
            if (regex.length() > 0) {
                regex.append("\\s*");
            }
            boolean word = Character.isJavaIdentifierPart(tokens.group().charAt(0));
            String bound = word ? "\\b" : "";
            regex.append(bound).append(Pattern.quote(tokens.group())).append(bound);
        }
        return Pattern.compile(regex.toString());
    }

    private static void fail(Path mutant, String why) {
        System.err.println(mutant.getFileName() + " does not apply: " + why);
        System.exit(1);
    }
}
