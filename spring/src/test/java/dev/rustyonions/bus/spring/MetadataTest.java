package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusBuilder;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What an editor is told of the properties. */
class MetadataTest {
    @Test
    void everyPropertyHasADescription() throws IOException {
        assertThat(properties())
                .isNotEmpty()
                .allSatisfy(
                        (name, property) ->
                                assertThat(property.path("description").asString(""))
                                        .as(name)
                                        .endsWith("."));
    }

    @Test
    void everySettingOfTheBuilderIsAPropertyOfTheSameName() throws IOException {
        assertThat(properties().keySet())
                .containsAll(
                        Arrays.stream(BusBuilder.class.getMethods())
                                .filter(method -> method.getReturnType() == BusBuilder.class)
                                .map(method -> "ron.bus." + dashed(method.getName()))
                                .toList());
    }

    @Test
    void theDefaultsAreThoseThatABusHas() throws IOException {
        String[] defaults =
                properties().values().stream()
                        .filter(property -> property.has("defaultValue"))
                        .map(
                                property ->
                                        property.get("name").asString()
                                                + "="
                                                + property.get("defaultValue").asString())
                        .toArray(String[]::new);
        assertThat(defaults).contains("ron.bus.capacity=256", "ron.bus.linger=50us");
        ApplicationContextRunner context =
                new ApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(RonBusAutoConfiguration.class));
        context.withPropertyValues(defaults)
                .run(
                        told ->
                                context.run(
                                        untold ->
                                                assertThat(told.getBean(Bus.class).config())
                                                        .isEqualTo(
                                                                untold.getBean(Bus.class)
                                                                        .config())));
    }

    @Test
    void thePageOfTheGuideHasARowForEachPropertyWithItsDefault() throws IOException {
        Map<String, String> told = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/spring.md"))) {
            if (line.startsWith("| `ron.bus.")) {
                String[] cells = line.replace("`", "").split(" *\\| *");
                told.put(cells[1], cells[2]);
            }
        }
        Map<String, String> there = new TreeMap<>();
        properties()
                .forEach(
                        (name, property) -> {
                            if (name.startsWith("ron.bus.")) {
                                there.put(name, property.path("defaultValue").asString("none"));
                            }
                        });
        assertThat(told).isEqualTo(there);
    }

    private static String dashed(String method) {
        return method.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** The starter's properties by name; other jars describe theirs in files of the same name. */
    private static Map<String, JsonNode> properties() throws IOException {
        Map<String, JsonNode> properties = new TreeMap<>();
        ClassLoader loader = MetadataTest.class.getClassLoader();
        for (URL file :
                Collections.list(
                        loader.getResources("META-INF/spring-configuration-metadata.json"))) {
            for (JsonNode property :
                    new ObjectMapper().readTree(file.openStream()).get("properties")) {
                String name = property.get("name").asString();
                if (name.startsWith("ron.bus") || name.contains("ronbus")) {
                    properties.put(name, property);
                }
            }
        }
        return properties;
    }
}
