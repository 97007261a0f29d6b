package dev.rustyonions.bus.nats;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Up to where an import has taken a stream, and what it knew of each origin then. As text: {@code
 * v1 512@1700000000000 all!desk shop=epoch/100/0/0/0/1/0}. Runs that were left follow behind plus
 * signs.
 *
 * @param sequence the last sequence of the stream that was taken
 * @param created when the stream was made, in milliseconds since 1970, which tells one stream from
 *     a later one of the same name
 * @param knowsAll whether each origin is here of which the stream had anything before; in the text
 *     "all", else "some"
 * @param leftOut the import's own origin, which is not here all the same; null if it has none
 * @param origins what was known of each origin
 */
record Ticket(
        long sequence,
        long created,
        boolean knowsAll,
        @Nullable String leftOut,
        Map<String, Known> origins) {
    private static final String ALL = "all";
    private static final String SOME = "some";

    private static final String ALLOWED = "the position of an import from a stream";
    private static final String RUN = "[A-Za-z0-9._-]{1,80}(?:/\\d{1,18}){6}";
    private static final Pattern PLACE = Pattern.compile("(\\d{1,18})@(\\d{1,18})");
    private static final Pattern KNOWS =
            Pattern.compile("(" + ALL + "|" + SOME + ")(?:!([A-Za-z0-9_-]{1,64}))?");
    private static final Pattern ORIGIN =
            Pattern.compile("([A-Za-z0-9_-]{1,64})=(" + RUN + "(?:[+]" + RUN + "){0,16})");

    /**
     * What was known of an origin.
     *
     * @param run the current run
     * @param left runs that were left, the last one last
     */
    record Known(Run run, List<Run> left) {
        private String toText() {
            return Stream.concat(Stream.of(run), left.stream())
                    .map(Run::toText)
                    .collect(Collectors.joining("+"));
        }

        private static Known of(String text) {
            List<Run> runs = Stream.of(text.split("[+]", -1)).map(Run::of).toList();
            return new Known(runs.getFirst(), runs.subList(1, runs.size()));
        }
    }

    /**
     * What was known of a run.
     *
     * @param epoch which run
     * @param next the number expected next
     * @param unsent the counters of the last message, in the order of {@link Cause#UNSENT}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Run(String epoch, long next, long[] unsent) {
        private String toText() {
            StringBuilder text = new StringBuilder(epoch).append('/').append(next);
            for (long count : unsent) {
                text.append('/').append(count);
            }
            return text.toString();
        }

        private static Run of(String text) {
            String[] fields = text.split("/", -1);
            long[] unsent = new long[Cause.UNSENT.size()];
            for (int i = 0; i < unsent.length; i++) {
                unsent[i] = Long.parseLong(fields[i + 2]);
            }
            return new Run(fields[0], Long.parseLong(fields[1]), unsent);
        }
    }

    String toText() {
        return origins.entrySet().stream()
                .map(origin -> " " + origin.getKey() + "=" + origin.getValue().toText())
                .collect(
                        Collectors.joining(
                                "",
                                "v1 "
                                        + sequence
                                        + "@"
                                        + created
                                        + " "
                                        + (knowsAll ? ALL : SOME)
                                        + (leftOut == null ? "" : "!" + leftOut),
                                ""));
    }

    /** The ticket of a text, which may be anything. */
    static Ticket of(String text) {
        String[] fields = text.split(" ", -1);
        Matcher place = PLACE.matcher(fields.length < 3 ? "" : fields[1]);
        Matcher knows = KNOWS.matcher(fields.length < 3 ? "" : fields[2]);
        if (!fields[0].equals("v1") || !place.matches() || !knows.matches()) {
            throw Names.refused("resume", text, ALLOWED);
        }
        Map<String, Known> origins = new TreeMap<>();
        for (String field : List.of(fields).subList(3, fields.length)) {
            Matcher origin = ORIGIN.matcher(field);
            if (!origin.matches()) {
                throw Names.refused("resume", text, ALLOWED);
            }
            origins.put(origin.group(1), Known.of(origin.group(2)));
        }
        return new Ticket(
                Long.parseLong(place.group(1)),
                Long.parseLong(place.group(2)),
                ALL.equals(knows.group(1)),
                knows.group(2),
                origins);
    }
}
