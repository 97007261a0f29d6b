package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The simulated tree of a thousand nodes. */
class FanOutTreeTest {
    @ParameterizedTest
    @ValueSource(longs = {2, 3})
    void theAccountOfEachOfAThousandNodesBalancesWhateverTheLinksCost(long seed) {
        assertThat(run(seed))
                .contains(" 1111 nodes,")
                .containsPattern("(?m)^ +3 +1000 .*[1-9]\\d* +[1-9]\\d* +\\d+\\.\\d ")
                .endsWith("balanced=yes\n");
    }

    @Test
    void thePageShowsWhatTheProgramPrints() throws Exception {
        assertThat(Files.readString(Path.of("../docs/many-nodes.md"))).contains(run(1));
    }

    private static String run(long seed) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        new FanOutTree(FanOutTree.Shape.of(seed)).run(new PrintStream(printed, true, UTF_8));
        return printed.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }
}
