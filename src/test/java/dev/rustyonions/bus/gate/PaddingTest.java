package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;

/**
 * Each class that pads has an int beside its longs, which fills the gap that a JVM would otherwise
 * give to a field of a subclass.
 */
class PaddingTest {
    private static final int LONGS = 16;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bus",
                "BusSender",
                "ObserversPadAfter",
                "ring.Channel",
                "ring.Limit",
                "ring.PadBefore",
                "ring.ReceiversPadAfter",
                "ring.RingHint",
                "ring.RingPadBetween",
                "ring.RoomPadAfter",
                "ring.RoomPadBetween",
                "ring.WaitStackPadAfter",
                "ring.WakeUps"
            })
    void aPaddingIsSixteenLongsAndAnInt(String name) throws Exception {
        Class<?> padding = Class.forName(Bus.class.getPackageName() + "." + name);
        List<String> types =
                Stream.of(padding.getDeclaredFields())
                        .filter(field -> !Modifier.isStatic(field.getModifiers()))
                        .map(field -> field.getType().getName())
                        .sorted()
                        .toList();
        assertThat(types).hasSize(LONGS + 1).startsWith("int");
        assertThat(types.subList(1, LONGS + 1)).containsOnly("long");
    }
}
