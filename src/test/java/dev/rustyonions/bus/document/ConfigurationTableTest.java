package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusBuilder;
import dev.rustyonions.bus.BusConfig;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The configuration table of the guide names what exists, with the defaults in force. */
class ConfigurationTableTest {

    /** A row: setting, property and default, without the marks of code. */
    private record Row(String setting, String property, String defaultValue) {}

    @Test
    void theTableHasARowForEverySettingOfTheBuilderAndNoOther() {
        List<String> settings =
                Arrays.stream(BusBuilder.class.getMethods())
                        .filter(method -> method.getReturnType() == BusBuilder.class)
                        .map(Method::getName)
                        .toList();
        assertThat(rows()).extracting(Row::setting).containsExactlyInAnyOrderElementsOf(settings);
    }

    @Test
    void everyDefaultInTheTableIsTheOneABusIsBuiltWith() throws ReflectiveOperationException {
        BusConfig config;
        try (Bus<String> bus = Bus.builder().build()) {
            config = bus.config();
        }
        List<Row> rows = rows();
        for (RecordComponent component : BusConfig.class.getRecordComponents()) {
            String inForce = written(component.getAccessor().invoke(config));
            assertThat(rows)
                    .filteredOn(row -> row.setting().equals(component.getName()))
                    .extracting(Row::defaultValue)
                    .as(component.getName())
                    .containsExactly(inForce);
        }
    }

    @Test
    void everyPropertyInTheTableIsReadAndNamedWhenItsValueIsBad() {
        for (Row row : rows()) {
            if (!row.property().isEmpty()) {
                System.setProperty(row.property(), "?");
                try {
                    assertThatThrownBy(() -> Bus.builder().build())
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageStartingWith(row.property() + ": \"?\" is not ");
                } finally {
                    System.clearProperty(row.property());
                }
            }
        }
    }

    private static String written(Object value) {
        return switch (value) {
            case Boolean on -> on ? "on" : "off";
            case Duration duration -> duration.toNanos() / 1_000 + " µs";
            case OptionalInt number -> number.isPresent() ? "" + number.getAsInt() : "none";
            case Optional<?> text -> text.map(Object::toString).orElse("none");
            default -> value.toString().toLowerCase(Locale.ROOT);
        };
    }

    private static List<Row> rows() {
        return Document.read(Project.root().resolve("docs/configuration.md"))
                .section("The settings")
                .filter(line -> line.startsWith("| `"))
                .map(line -> Stream.of(line.replace("`", "").split("\\|")).map(String::strip))
                .map(Stream::toList)
                .map(cells -> new Row(cells.get(1), cells.get(2), cells.get(4)))
                .toList();
    }
}
