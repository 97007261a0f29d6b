package dev.rustyonions.bus.bench.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.xml.parsers.DocumentBuilderFactory;

/** Pictures that are made from figures. */
class PicturesTest {
    private static final Pattern STYLE = Pattern.compile("(?s)<style>.*?</style>");

    private static final Pattern LEGEND =
            Pattern.compile("(?s)<g class=\"c\\d\">(?:(?!</g>).)*</g>\n<text");

    private static final Pattern PLACE = Pattern.compile("M[\\d.]+ [\\d.]+|c[xy]=\"[\\d.]+\"");

    @TempDir Path folder;

    @Test
    void eachPictureIsDrawnFromTheColumnsThatItsBenchmarkWrites() throws Exception {
        figures(
                "peers",
                """
                {"system":"ron-bus","receivers":1,"capacity":64,"deliveries/s at < 0.01 %":#00.5},
                {"system":"ron-bus","receivers":8,"capacity":64,"deliveries/s at < 0.01 %":#000.5},
                {"system":"Disruptor","receivers":1,"capacity":64,"deliveries/s at < 0.01 %":7.5},
                {"system":"Disruptor","receivers":8,"capacity":1024,"deliveries/s at < 0.01 %":7.5}
                """);
        figures(
                "parked",
                """
                {"parked":1,"carriers":"idle","publish us":#.5,"unpark-all publish us":#.5},
                {"parked":100,"carriers":"idle","publish us":#.5,"unpark-all publish us":#00.5},
                {"parked":100,"carriers":"busy","publish us":#.5,"unpark-all publish us":#00.5}
                """);
        figures(
                "latency",
                """
                {"system":"ron-bus","events/s":10,"p50 us":#.5,"p99 us":#0.5,"p99.99 us":#00.5},
                {"system":"ron-bus edge","events/s":10,"p50 us":#.5,"p99 us":#0.5,"p99.99 us":#9.5}
                """);
        figures(
                "sustained",
                """
                {"system":"ron-bus","capacity":256,"asked, events/s":"1000000","lost %":#.5},
                {"system":"ron-bus","capacity":1024,"asked, events/s":"1000000","lost %":0.0},
                {"system":"ron-bus","capacity":256,"asked, events/s":"most","lost %":0.0}
                """);
        figures(
                "growth",
                """
                {"operation":"publish","against":"receivers","n":1,"ns":#4.5},
                {"operation":"publish","against":"receivers","n":10,"ns":#4.5},
                {"operation":"stats()","against":"receivers","n":10,"ns":#400.5},
                {"operation":"stats()","against":"capacity","n":2,"ns":#4.5},
                {"operation":"bus","against":"receivers","n":5,"bytes":#4.5},
                {"operation":"publish","against":"receivers","exponent":0.5}
                """);
        Map<String, String> pictures = new Pictures(folder).draw();
        assertEquals(
                Set.of("peers.svg", "parked.svg", "latency.svg", "sustained.svg", "growth.svg"),
                pictures.keySet());
        for (Map.Entry<String, String> picture : pictures.entrySet()) {
            Document svg = parsed(picture.getValue());
            assertEquals("svg", svg.getDocumentElement().getTagName(), picture.getKey());
            assertFalse(picture.getValue().contains("NaN"), picture.getKey());
        }
        assertTexts(pictures, "peers.svg", "ron-bus", "Disruptor", "capacity 1,024");
        assertTexts(pictures, "parked.svg", "ron-bus", "unpark-all", "carriers busy", "10 µs");
        assertTexts(pictures, "latency.svg", "ron-bus edge", "10 events/s", "99.99");
        assertTexts(pictures, "sustained.svg", "ron-bus", "1,024", "0");
        assertFalse(pictures.getOrDefault("growth.svg", "").contains(">5</text>"));
        assertTexts(pictures, "growth.svg", "publish", "stats()", "100 ns", "receivers");
    }

    @Test
    void aLineGoesThroughTheMediansAndAStrokeThroughTheQuartilesOfEach() throws IOException {
        figures(
                "growth",
                """
                {"operation":"publish","against":"receivers","n":1,"ns":#0.0},
                {"operation":"publish","against":"receivers","n":100,"ns":1000.0}
                """);
        String svg = new Pictures(folder).draw().get("growth.svg");
        // The axis goes from 20 to 1,000: 30 lies at 0.10 of its length of 300, 40 at 0.18.
        assertTrue(svg.contains("d=\"M98.4 346.9L707.6 78\""), svg);
        assertTrue(svg.contains("class=\"q\" d=\"M98.4 378L98.4 324.8\""), svg);
    }

    @Test
    void noNameLooksLikeAnother() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int name = 0; name < 12; name++) {
            rows.append(name == 0 ? "" : ",")
                    .append("{\"operation\":\"name ")
                    .append(name)
                    .append("\",\"against\":\"receivers\",\"n\":1,\"ns\":#.5}");
        }
        figures("growth", rows.toString());
        String svg = new Pictures(folder).draw().get("growth.svg");
        List<String> legend =
                LEGEND.matcher(svg)
                        .results()
                        .map(entry -> PLACE.matcher(entry.group()).replaceAll(""))
                        .toList();
        assertEquals(12, legend.size());
        assertEquals(12, legend.stream().distinct().count(), String.join("\n", legend));
    }

    @Test
    void textIsTextAndColoursAreInTheStyleOfLightAndDarkPages() throws IOException {
        figures(
                "growth",
                "{\"operation\":\"a <b> & c\",\"against\":\"receivers\",\"n\":1,\"ns\":#.5}");
        String svg = new Pictures(folder).draw().get("growth.svg");
        assertTrue(svg.contains(">a &lt;b&gt; &amp; c</text>"), svg);
        assertTrue(svg.contains("@media(prefers-color-scheme:dark)"), svg);
        assertFalse(STYLE.matcher(svg).replaceAll("").contains("#"), svg);
    }

    @Test
    void theSecondMachineOfAFileHasAPictureOfItsOwn() throws IOException {
        String rows = "{\"operation\":\"publish\",\"against\":\"receivers\",\"n\":1,\"ns\":#.5}";
        new Figures(
                        List.of(
                                Runs.measurement(folder, "One", rows, 5),
                                Runs.measurement(folder, "Other", rows, 5)))
                .write(Figures.file(folder, "growth"));
        assertEquals(Set.of("growth.svg", "growth-2.svg"), new Pictures(folder).draw().keySet());
    }

    private void figures(String name, String rows) throws IOException {
        new Figures(List.of(Runs.measurement(folder, rows, 5))).write(Figures.file(folder, name));
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertTexts(Map<String, String> pictures, String name, String... texts) {
        Set<String> found =
                Pattern.compile(">([^<>]+)</text>")
                        .matcher(pictures.getOrDefault(name, ""))
                        .results()
                        .map(text -> text.group(1))
                        .collect(Collectors.toSet());
        for (String text : texts) {
            assertTrue(found.contains(text), text + " is not in " + name + ": " + found);
        }
    }
}
