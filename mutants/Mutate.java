import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plants one fault: applies the edits of a {@code .mutant} file to a tree. Started as a single
 * source file. With {@code --check} it only names the mutants that do not apply.
 *
 * <p>Such a file begins with a line {@code # invariants: what is broken}, then has edits:
 * {@code @@ path}, {@code -- find}, text, {@code -- replace}, text, {@code -- end}. The text to
 * find must occur exactly once, blanks and line ends aside, so an edit survives reformatting and
 * moved lines and fails once the code it breaks has changed.
 */
final class Mutate {
    private record Edit(String file, String find, String replace) {}

    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println(
                    "usage: Mutate file.mutant tree, or Mutate --check tree file.mutant...; got "
                            + List.of(args));
            System.exit(2);
        }
        if (args[0].equals("--check")) {
            check(Path.of(args[1]), List.of(args).subList(2, args.length));
            return;
        }
        try {
            for (Map.Entry<Path, String> file :
                    mutated(Path.of(args[0]), Path.of(args[1])).entrySet()) {
                Files.writeString(file.getKey(), file.getValue());
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Names the mutants that do not apply to a tree, which stays as it is. */
    private static void check(Path tree, List<String> mutants) throws IOException {
        boolean all = true;
        for (String mutant : mutants) {
            try {
                mutated(Path.of(mutant), tree);
            } catch (IllegalArgumentException e) {
                System.err.println(e.getMessage());
                all = false;
            }
        }
        System.exit(all ? 0 : 1);
    }

    /** The files that a mutant changes, as they are with the fault. */
    private static Map<Path, String> mutated(Path mutant, Path tree) throws IOException {
        Map<Path, String> files = new LinkedHashMap<>();
        for (Edit edit : edits(mutant, Files.readAllLines(mutant))) {
            Path file = tree.resolve(edit.file);
            String before = files.get(file);
            String source = before == null ? Files.readString(file) : before;
            Matcher matcher = pattern(edit.find).matcher(source);
            if (!matcher.find()) {
                throw no(mutant, edit.file + " has no \"" + edit.find.strip() + "\"");
            }
            int from = matcher.start();
            int to = matcher.end();
            if (matcher.find()) {
                throw no(mutant, edit.file + " has more than one \"" + edit.find.strip() + "\"");
            }
            files.put(
                    file, source.substring(0, from) + edit.replace.strip() + source.substring(to));
        }
        return files;
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
                throw no(mutant, "\"" + line + "\" stands outside an edit");
            }
        }
        if (edits.isEmpty() || target != null) {
            throw no(mutant, "no edit, or one without \"-- end\"");
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

    private static IllegalArgumentException no(Path mutant, String why) {
        return new IllegalArgumentException(mutant.getFileName() + " does not apply: " + why);
    }
}
