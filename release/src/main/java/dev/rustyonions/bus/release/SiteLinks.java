package dev.rustyonions.bus.release;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks for links between the pages of a folder that lead nowhere. Asks no other machine. */
final class SiteLinks {
    private static final Pattern LINK = Pattern.compile("\\s(?:href|src)=[\"']([^\"']*)[\"']");
    private static final Pattern ID = Pattern.compile("\\s(?:id|name)=[\"']([^\"']*)[\"']");
    static final Pattern OUTSIDE = Pattern.compile("(?:[a-z][a-z0-9+.-]*:|//).*");

    private final Map<Path, Set<String>> ids = new HashMap<>();

    private SiteLinks() {}

    /** The dead links, each with its page. */
    static List<String> dead(Path folder) throws IOException {
        List<String> dead = new ArrayList<>();
        SiteLinks links = new SiteLinks();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path page : (Iterable<Path>) files.filter(SiteLinks::isPage).sorted()::iterator) {
                for (String link : links(page)) {
                    if (!links.isAlive(page, link)) {
                        dead.add(folder.relativize(page) + ": " + link);
                    }
                }
            }
        }
        return dead;
    }

    private static boolean isPage(Path file) {
        return file.toString().endsWith(".html");
    }

    private static Set<String> links(Path page) throws IOException {
        Set<String> links = new TreeSet<>();
        LINK.matcher(Files.readString(page)).results().forEach(link -> links.add(link.group(1)));
        links.removeIf(link -> OUTSIDE.matcher(link).matches());
        return links;
    }

    private boolean isAlive(Path page, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = decoded(hash < 0 ? link : link.substring(0, hash));
        Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        String fragment = hash < 0 ? "" : decoded(link.substring(hash + 1));
        return fragment.isEmpty() || !isPage(target) || ids(target).contains(fragment);
    }

    private Set<String> ids(Path page) throws IOException {
        @Nullable Set<String> known = ids.get(page);
        if (known == null) {
            known = new TreeSet<>();
            for (var id :
                    (Iterable<java.util.regex.MatchResult>)
                            ID.matcher(Files.readString(page)).results()::iterator) {
                known.add(id.group(1).replace("&lt;", "<").replace("&gt;", ">"));
            }
            ids.put(page, known);
        }
        return known;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
