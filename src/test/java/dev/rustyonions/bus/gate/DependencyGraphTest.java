package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.gate.Graph.Edge;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The pictures of docs/developing/graph.md are the uses of the compiled classes, which form no
 * circle.
 */
class DependencyGraphTest {
    private static final Path DOCUMENT = Path.of("docs/developing/graph.md");

    @ParameterizedTest
    @CsvSource({"The engine, dev.rustyonions.bus.ring", "The API, dev.rustyonions.bus"})
    void aPictureShowsEveryUseThereIsAndNoOther(String heading, String packageName) {
        Graph code = Graph.ofPackage(packageName, ClassFiles.ofTheLibrary());
        assertThat(code.edges()).isNotEmpty();
        GraphPicture picture = GraphPicture.read(DOCUMENT, heading);
        assertThat(differences(code, picture))
                .as("the picture has to be:\n%s", GraphPicture.mermaid(code.edges()))
                .isEmpty();
    }

    @Test
    void theEngineHasNoCircle() {
        Graph engine = Graph.ofPackage("dev.rustyonions.bus.ring", ClassFiles.ofTheLibrary());
        assertThat(GraphPicture.read(DOCUMENT, "The engine").excused()).isEmpty();
        assertThat(engine.circular()).isEmpty();
    }

    @Test
    void theApiHasNoCircleButThroughTheUsesThatAreExcused() {
        Graph api = Graph.ofPackage("dev.rustyonions.bus", ClassFiles.ofTheLibrary());
        GraphPicture picture = GraphPicture.read(DOCUMENT, "The API");
        assertThat(unexcused(api, picture)).isEmpty();
        assertThat(api.circular()).containsAll(picture.excused().keySet());
        assertThat(picture.excused().values()).allSatisfy(why -> assertThat(why).isNotBlank());
    }

    // ---- planted ----

    @Test
    void aUseThatThePictureLacksAndOneThatTheCodeLacksAreNamed() {
        Graph code = Graph.of(List.of(new Edge("A", "B"), new Edge("B", "C")));
        GraphPicture picture = GraphPicture.parse(List.of("    A --> B & C"));
        assertThat(differences(code, picture))
                .containsExactly("in the picture only: A --> C", "in the classes only: B --> C");
    }

    @Test
    void aCircleIsNamedUntilOneOfItsUsesIsExcused() {
        Graph code = Graph.of(List.of(new Edge("A", "B"), new Edge("B", "A"), new Edge("B", "C")));
        assertThat(unexcused(code, GraphPicture.parse(List.of())))
                .containsExactly(new Edge("A", "B"), new Edge("B", "A"));
        assertThat(unexcused(code, GraphPicture.parse(List.of("| `B` to `A` | planted |"))))
                .isEmpty();
    }

    @Test
    void aSealedTypeWithWhatItPermitsAndAFileWithAllItsTypesAreOneNode() {
        Graph graph =
                Graph.ofPackage(
                        DependencyGraphTest.class.getPackageName(),
                        List.of(
                                ClassFiles.of(Graph.class),
                                ClassFiles.of(Graph.Edge.class),
                                ClassFiles.of(GraphPicture.class),
                                ClassFiles.of(PlantedShape.class),
                                ClassFiles.of(PlantedRound.class)));
        assertThat(graph.edges()).containsExactly(new Edge("GraphPicture", "Graph"));
        assertThat(graph.uses()).containsOnlyKeys("Graph", "GraphPicture", "PlantedShape");
    }

    private static List<String> differences(Graph code, GraphPicture picture) {
        SortedSet<Edge> all = new TreeSet<>(code.edges());
        all.addAll(picture.edges());
        return all.stream()
                .filter(edge -> code.edges().contains(edge) != picture.edges().contains(edge))
                .map(
                        edge ->
                                (code.edges().contains(edge)
                                                ? "in the classes only: "
                                                : "in the picture only: ")
                                        + edge)
                .toList();
    }

    /** What still lies on a circle when the excused uses are taken away. */
    private static Set<Edge> unexcused(Graph code, GraphPicture picture) {
        SortedSet<Edge> left = new TreeSet<>(code.edges());
        left.removeAll(picture.excused().keySet());
        return Graph.of(left).circular();
    }
}
