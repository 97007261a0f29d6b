package dev.rustyonions.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The configuration table, row by row, over properties and an environment made up here. */
class ConfigResolverTest {

    private static final String NAMESPACE =
            "a letter followed by letters, digits, dots and underscores, ASCII all of them, 128"
                    + " characters at most";
    private static final String TOO_LARGE =
            ": a window this large may not stay in cache; the builder sets it without this warning";
    private static final String BURST_OVERFLOWS =
            ": a burst overwrites its own beginning before a receiver can read it; raise the"
                    + " capacity or lower the burst";

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> logged = new ArrayList<>();
    private final ConfigResolver resolver =
            new ConfigResolver(
                    properties::get, environment::get, () -> new RecordingLogger(logged));

    /**
     * One line of the table: where the setting is made, a valid value for each source, what is
     * effective, and what the message allows.
     */
    record Row(
            Function<BusConfig, Object> effective,
            Object byDefault,
            String variable,
            String variableText,
            Object fromVariable,
            String property,
            String propertyText,
            Object fromProperty,
            UnaryOperator<BusBuilder> builder,
            Object fromBuilder,
            String allowed) {
        @Override
        public String toString() {
            return property;
        }
    }

    static Stream<Row> table() {
        String from1 = "a whole number from 1 up";
        String from0 = "a whole number from 0 up";
        String onOff = "one of 1, 0, true, false, on, off";
        return Stream.of(
                new Row(
                        BusConfig::capacity,
                        256,
                        "RON_CAP",
                        "32",
                        32,
                        "ron.cap",
                        "64",
                        64,
                        b -> b.capacity(128),
                        128,
                        from1),
                new Row(
                        BusConfig::fanoutHint,
                        OptionalInt.empty(),
                        "RON_FANOUT",
                        "3",
                        OptionalInt.of(3),
                        "ron.fanout",
                        "5",
                        OptionalInt.of(5),
                        b -> b.fanoutHint(7),
                        OptionalInt.of(7),
                        from1),
                new Row(
                        BusConfig::burst,
                        256,
                        "RON_BURST",
                        "8",
                        8,
                        "ron.burst",
                        "9",
                        9,
                        b -> b.burst(1),
                        1,
                        from1),
                new Row(
                        BusConfig::epochYield,
                        false,
                        "RON_PUB_EPOCH_YIELD",
                        "on",
                        true,
                        "ron.pub.epoch.yield",
                        "off",
                        false,
                        b -> b.epochYield(true),
                        true,
                        onOff),
                new Row(
                        BusConfig::flushThreshold,
                        64,
                        "RON_TLS_FLUSH_THRESHOLD",
                        "32",
                        32,
                        "ron.tls.flush.threshold",
                        "128",
                        128,
                        b -> b.flushThreshold(1),
                        1,
                        "a whole number from 1 to 65536"),
                new Row(
                        BusConfig::mode,
                        Mode.CLASSIC,
                        "RON_MODE",
                        "Batched",
                        Mode.BATCHED,
                        "ron.mode",
                        "EDGE",
                        Mode.EDGE,
                        b -> b.mode(Mode.BATCHED),
                        Mode.BATCHED,
                        "one of classic, batched, edge"),
                new Row(
                        BusConfig::linger,
                        Duration.ofNanos(50_000),
                        "RON_EDGE_LINGER_US",
                        "0",
                        Duration.ZERO,
                        "ron.edge.linger.us",
                        "75",
                        Duration.ofNanos(75_000),
                        b -> b.linger(Duration.ofNanos(1_500)),
                        Duration.ofNanos(1_500),
                        from0),
                new Row(
                        BusConfig::overflowWarnPerMinute,
                        60,
                        "RON_BUS_OVERFLOW_WARN_PER_MIN",
                        "0",
                        0,
                        "ron.bus.overflow.warn.per.min",
                        "6",
                        6,
                        b -> b.overflowWarnPerMinute(0),
                        0,
                        from0),
                new Row(
                        BusConfig::metricsNamespace,
                        "ron.bus",
                        "RON_BUS_METRICS_NAMESPACE",
                        "a",
                        "a",
                        "ron.bus.metrics.namespace",
                        "Z9_.z",
                        "Z9_.z",
                        b -> b.metricsNamespace("built"),
                        "built",
                        NAMESPACE),
                new Row(
                        BusConfig::amnesiaLabel,
                        true,
                        "RON_BUS_EMIT_AMNESIA_LABEL",
                        "0",
                        false,
                        "ron.bus.emit.amnesia.label",
                        "1",
                        true,
                        b -> b.amnesiaLabel(false),
                        false,
                        onOff),
                new Row(
                        BusConfig::amnesia,
                        false,
                        "RON_AMNESIA",
                        "TRUE",
                        true,
                        "ron.amnesia",
                        "False",
                        false,
                        b -> b.amnesia(true),
                        true,
                        onOff),
                new Row(
                        BusConfig::pqLabel,
                        Optional.empty(),
                        "RON_BUS_PQ_LABEL",
                        "ml-kem-768",
                        Optional.of("ml-kem-768"),
                        "ron.bus.pq.label",
                        "x25519+mlkem_1.0",
                        Optional.of("x25519+mlkem_1.0"),
                        b -> b.pqLabel("none"),
                        Optional.of("none"),
                        "1 to 64 letters, digits, dots, underscores, hyphens or plus signs, ASCII"
                                + " all of them"));
    }

    // Precedence

    @ParameterizedTest
    @MethodSource("table")
    void theDefaultHoldsWhereNoSourceSaysAnything(Row row) {
        assertEquals(row.byDefault, row.effective.apply(resolve()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void theVariableWinsOverTheDefault(Row row) {
        environment.put(row.variable, row.variableText);

        assertEquals(row.fromVariable, row.effective.apply(resolve()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void thePropertyWinsOverTheVariable(Row row) {
        environment.put(row.variable, row.variableText);
        properties.put(row.property, row.propertyText);

        assertEquals(row.fromProperty, row.effective.apply(resolve()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void theBuilderWinsOverThePropertyAndTheVariable(Row row) {
        environment.put(row.variable, row.variableText);
        properties.put(row.property, row.propertyText);

        assertEquals(
                row.fromBuilder,
                row.effective.apply(
                        resolver.resolve(row.builder.apply(new BusBuilder()).settings)));
    }

    @ParameterizedTest
    @MethodSource("table")
    void anEmptyPropertyIsUnset(Row row) {
        environment.put(row.variable, row.variableText);
        properties.put(row.property, "");

        assertEquals(row.fromVariable, row.effective.apply(resolve()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void anEmptyVariableIsUnset(Row row) {
        environment.put(row.variable, "");

        assertEquals(row.byDefault, row.effective.apply(resolve()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void sourcesThatLoseToTheBuilderAreNotValidated(Row row) {
        environment.put(row.variable, "?!");
        properties.put(row.property, "?!");

        assertEquals(
                row.fromBuilder,
                row.effective.apply(
                        resolver.resolve(row.builder.apply(new BusBuilder()).settings)));
    }

    @ParameterizedTest
    @MethodSource("table")
    void aVariableThatLosesToThePropertyIsNotValidated(Row row) {
        environment.put(row.variable, "?!");
        properties.put(row.property, row.propertyText);

        assertEquals(row.fromProperty, row.effective.apply(resolve()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void aBadPropertyIsRefusedByItsName(Row row) {
        properties.put(row.property, "?!");

        assertRefused(row.property + ": \"?!\" is not " + row.allowed, new BusBuilder());
    }

    @ParameterizedTest
    @MethodSource("table")
    void aBadVariableIsRefusedByItsName(Row row) {
        environment.put(row.variable, "?!");

        assertRefused(row.variable + ": \"?!\" is not " + row.allowed, new BusBuilder());
    }

    @Test
    void theDefaultsTogetherAreTheDocumentedOnes() {
        BusConfig expected =
                new BusConfig(
                        "bus",
                        256,
                        Mode.CLASSIC,
                        256,
                        false,
                        64,
                        Duration.ofNanos(50_000),
                        OptionalInt.empty(),
                        60,
                        "ron.bus",
                        true,
                        false,
                        Optional.empty());

        assertEquals(expected, resolve());
        assertEquals(List.of(), logged);
    }

    @Test
    void eachValueOfTheBuilderReachesItsOwnComponent() {
        BusBuilder builder =
                new BusBuilder()
                        .name("orders")
                        .capacity(1000)
                        .mode(Mode.EDGE)
                        .burst(3)
                        .epochYield(true)
                        .flushThreshold(4)
                        .linger(Duration.ofNanos(5))
                        .fanoutHint(6)
                        .overflowWarnPerMinute(7)
                        .metricsNamespace("n")
                        .amnesiaLabel(false)
                        .amnesia(true)
                        .pqLabel("p");

        assertEquals(
                new BusConfig(
                        "orders",
                        1024,
                        Mode.EDGE,
                        3,
                        true,
                        4,
                        Duration.ofNanos(5),
                        OptionalInt.of(6),
                        7,
                        "n",
                        false,
                        true,
                        Optional.of("p")),
                resolver.resolve(builder.settings));
    }

    // Capacity

    @ParameterizedTest
    @CsvSource({
        "1, 2",
        "2, 2",
        "3, 4",
        "4, 4",
        "5, 8",
        "64, 64",
        "65, 128",
        "007, 8",
        "65535, 65536",
        "65536, 65536",
        "65537, 65536",
        "2147483647, 65536",
        "2147483648, 65536",
        "4294967297, 65536",
        "9223372036854775808, 65536",
        "18446744073709551617, 65536",
        "1000000000000000000000000000000000000000, 65536"
    })
    void capacityIsRoundedUpToAPowerOfTwoAndBounded(String text, int effective) {
        environment.put("RON_CAP", text);

        assertEquals(effective, resolve().capacity());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0", "00", "-1", "+1", " 1", "1 ", " ", "1.5", "1e3", "0x10", "1_000", "/", ":",
                "1/", "1:", "abc", "\u0661"
            })
    void capacityIsAWholeNumberFrom1Up(String text) {
        environment.put("RON_CAP", text);

        assertRefused(
                "RON_CAP: \"" + text + "\" is not a whole number from 1 up", new BusBuilder());
    }

    @Test
    void theAliasNamesTheCapacity() {
        environment.put("RON_BUS_CAPACITY", "32");

        assertEquals(32, resolve().capacity());
    }

    @Test
    void theAliasCountsWhereTheVariableIsEmpty() {
        environment.put("RON_CAP", "");
        environment.put("RON_BUS_CAPACITY", "32");

        assertEquals(32, resolve().capacity());
    }

    @Test
    void anEmptyAliasIsUnset() {
        environment.put("RON_CAP", "64");
        environment.put("RON_BUS_CAPACITY", "");

        assertEquals(64, resolve().capacity());
    }

    @Test
    void aBadAliasIsRefusedByItsName() {
        environment.put("RON_BUS_CAPACITY", "0");

        assertRefused("RON_BUS_CAPACITY: \"0\" is not a whole number from 1 up", new BusBuilder());
    }

    @Test
    void variableAndAliasMayAgree() {
        environment.put("RON_CAP", "32");
        environment.put("RON_BUS_CAPACITY", "32");

        assertEquals(32, resolve().capacity());
    }

    @Test
    void variableAndAliasAgreeByNumber() {
        environment.put("RON_CAP", "32");
        environment.put("RON_BUS_CAPACITY", "0032");

        assertEquals(32, resolve().capacity());
    }

    @Test
    void variableAndAliasDifferBeyondIntToo() {
        environment.put("RON_CAP", "3000000000");
        environment.put("RON_BUS_CAPACITY", "4000000000");

        assertRefused(
                "RON_CAP: \"3000000000\" and RON_BUS_CAPACITY: \"4000000000\" differ; set one of"
                        + " them, or both to the same value",
                new BusBuilder());
    }

    @ParameterizedTest
    @CsvSource({"abc, 32, RON_CAP, abc", "32, 0, RON_BUS_CAPACITY, 0", "00, 00, RON_CAP, 00"})
    void variableAndAliasAreComparedOnlyIfBothAreCapacities(
            String text, String aliasText, String refused, String value) {
        environment.put("RON_CAP", text);
        environment.put("RON_BUS_CAPACITY", aliasText);

        assertRefused(
                refused + ": \"" + value + "\" is not a whole number from 1 up", new BusBuilder());
    }

    @Test
    void variableAndAliasMustNotDiffer() {
        environment.put("RON_CAP", "64");
        environment.put("RON_BUS_CAPACITY", "128");

        assertRefused(
                "RON_CAP: \"64\" and RON_BUS_CAPACITY: \"128\" differ; set one of them, or both to"
                        + " the same value",
                new BusBuilder());
    }

    @Test
    void variableAndAliasMayDifferWhereTheyLose() {
        environment.put("RON_CAP", "64");
        environment.put("RON_BUS_CAPACITY", "128");

        assertEquals(16, resolver.resolve(new BusBuilder().capacity(16).settings).capacity());
        assertEquals(16, resolver.resolve(16).capacity());
        properties.put("ron.cap", "8");
        assertEquals(8, resolve().capacity());
    }

    @Test
    void createGivesTheCapacityAndResolvesTheRest() {
        environment.put("RON_CAP", "64");
        environment.put("RON_MODE", "edge");
        environment.put("RON_FANOUT", "9");

        BusConfig config = resolver.resolve(100);

        assertEquals(128, config.capacity());
        assertEquals(Mode.EDGE, config.mode());
        assertEquals(OptionalInt.of(9), config.fanoutHint());
    }

    @Test
    void createRefusesACapacityBelow1() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> resolver.resolve(0));

        assertEquals("create(0): 0 is not a whole number from 1 up", refused.getMessage());
    }

    // Autotune and fan-out hint

    @ParameterizedTest
    @CsvSource({"1, 64", "4, 64", "5, 128", "16, 128", "17, 256", "2147483647, 256"})
    void autotuneAndTheFanOutHintChooseTheCapacityByTheReceivers(int receivers, int capacity) {
        assertEquals(
                capacity,
                resolver.resolve(new BusBuilder().autotune(receivers).settings).capacity());
        assertEquals(
                capacity,
                resolver.resolve(new BusBuilder().fanoutHint(receivers).settings).capacity());
        environment.put("RON_FANOUT", Integer.toString(receivers));
        assertEquals(capacity, resolve().capacity());
        assertEquals(List.of(), logged);
    }

    @Test
    void autotuneLosesToPropertyAndVariable() {
        environment.put("RON_CAP", "32");
        assertEquals(32, resolver.resolve(new BusBuilder().autotune(16).settings).capacity());
        properties.put("ron.cap", "16");
        assertEquals(16, resolver.resolve(new BusBuilder().autotune(16).settings).capacity());
    }

    @Test
    void autotuneIsNotValidatedWhereItLoses() {
        environment.put("RON_CAP", "32");

        assertEquals(32, resolver.resolve(new BusBuilder().autotune(0).settings).capacity());
    }

    @Test
    void autotuneWinsOverTheFanOutHintWhichIsLoggedOnly() {
        BusConfig config = resolver.resolve(new BusBuilder().autotune(16).fanoutHint(3).settings);

        assertEquals(128, config.capacity());
        assertEquals(OptionalInt.of(3), config.fanoutHint());
        assertEquals(
                List.of("DEBUG bus \"bus\": fan-out hint 3, capacity 128 chosen without it"),
                logged);
    }

    @Test
    void aFanOutHintBesideANamedCapacityIsLoggedOnly() {
        properties.put("ron.fanout", "3");

        assertEquals(8, resolver.resolve(new BusBuilder().capacity(8).settings).capacity());
        assertEquals(
                List.of("DEBUG bus \"bus\": fan-out hint 3, capacity 8 chosen without it"), logged);
    }

    @Test
    void autotuneTogetherWithCapacityIsRefused() {
        assertRefused(
                "capacity(64) and autotune(3): only one of the two may choose the capacity",
                new BusBuilder().autotune(3).capacity(64));
    }

    // Values of the builder, and of the other settings

    static Stream<BuilderRefusal> refusedByTheBuilder() {
        String from1 = " is not a whole number from 1 up";
        String label =
                "1 to 64 letters, digits, dots, underscores, hyphens or plus signs, ASCII all of"
                        + " them";
        String name =
                "1 to 128 characters, not blank, without control characters, line separators or"
                        + " marks that turn the direction of text";
        String flush = " is not a whole number from 1 to 65536";
        String cut65 = "\"" + "a".repeat(64) + "\"... (65 characters)";
        String letters = "a".repeat(65);
        String characters = "a".repeat(129);
        String cut = "\"" + "a".repeat(64) + "\"... (129 characters)";
        return Stream.of(
                new BuilderRefusal(b -> b.capacity(0), "capacity(0): 0" + from1),
                new BuilderRefusal(b -> b.capacity(-1), "capacity(-1): -1" + from1),
                new BuilderRefusal(b -> b.autotune(0), "autotune(0): 0" + from1),
                new BuilderRefusal(b -> b.fanoutHint(0), "fanoutHint(0): 0" + from1),
                new BuilderRefusal(b -> b.burst(0), "burst(0): 0" + from1),
                new BuilderRefusal(b -> b.flushThreshold(0), "flushThreshold(0): 0" + flush),
                new BuilderRefusal(
                        b -> b.flushThreshold(65_537), "flushThreshold(65537): 65537" + flush),
                new BuilderRefusal(
                        b -> b.overflowWarnPerMinute(-1),
                        "overflowWarnPerMinute(-1): -1 is not a whole number from 0 up"),
                new BuilderRefusal(
                        b -> b.linger(Duration.ofNanos(-1)),
                        "linger(PT-0.000000001S): PT-0.000000001S is not a duration from zero up"),
                new BuilderRefusal(
                        b -> b.metricsNamespace("9x"),
                        "metricsNamespace(\"9x\"): \"9x\" is not " + NAMESPACE),
                new BuilderRefusal(
                        b -> b.metricsNamespace(""),
                        "metricsNamespace(\"\"): \"\" is not " + NAMESPACE),
                new BuilderRefusal(
                        b -> b.metricsNamespace(characters),
                        "metricsNamespace(" + cut + "): " + cut + " is not " + NAMESPACE),
                new BuilderRefusal(
                        b -> b.pqLabel("a b"), "pqLabel(\"a b\"): \"a b\" is not " + label),
                new BuilderRefusal(b -> b.pqLabel(""), "pqLabel(\"\"): \"\" is not " + label),
                new BuilderRefusal(
                        b -> b.pqLabel(letters),
                        "pqLabel(" + cut65 + "): " + cut65 + " is not " + label),
                new BuilderRefusal(b -> b.name(""), "name(\"\"): \"\" is not " + name),
                new BuilderRefusal(b -> b.name("  "), "name(\"  \"): \"  \" is not " + name),
                new BuilderRefusal(
                        b -> b.name("a\u0085b"),
                        "name(\"a\\u0085b\"): \"a\\u0085b\" is not " + name),
                new BuilderRefusal(
                        b -> b.name(characters), "name(" + cut + "): " + cut + " is not " + name));
    }

    record BuilderRefusal(UnaryOperator<BusBuilder> setting, String message) {
        @Override
        public String toString() {
            return message;
        }
    }

    @ParameterizedTest
    @MethodSource("refusedByTheBuilder")
    void aBadValueOfTheBuilderIsRefusedByItsMethod(BuilderRefusal refusal) {
        assertRefused(refusal.message, refusal.setting.apply(new BusBuilder()));
    }

    @Test
    void theLongestNameLabelAndNamespaceAreTaken() {
        BusConfig config =
                resolver.resolve(
                        new BusBuilder()
                                .name("é ".repeat(64))
                                .pqLabel("a".repeat(64))
                                .metricsNamespace("a".repeat(128))
                                .settings);

        assertEquals("é ".repeat(64), config.name());
        assertEquals(Optional.of("a".repeat(64)), config.pqLabel());
        assertEquals("a".repeat(128), config.metricsNamespace());
    }

    @ParameterizedTest
    @CsvSource({
        "1, true",
        "true, true",
        "True, true",
        "on, true",
        "ON, true",
        "0, false",
        "false, false",
        "FALSE, false",
        "off, false",
        "Off, false"
    })
    void switchesHaveOneGrammar(String text, boolean on) {
        for (String variable :
                List.of("RON_PUB_EPOCH_YIELD", "RON_BUS_EMIT_AMNESIA_LABEL", "RON_AMNESIA")) {
            environment.put(variable, text);
        }

        BusConfig config = resolve();

        assertEquals(on, config.epochYield());
        assertEquals(on, config.amnesiaLabel());
        assertEquals(on, config.amnesia());
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no", "2", "on ", "t"})
    void aSwitchTakesNothingElse(String text) {
        properties.put("ron.amnesia", text);

        assertRefused(
                "ron.amnesia: \"" + text + "\" is not one of 1, 0, true, false, on, off",
                new BusBuilder());
    }

    @ParameterizedTest
    @CsvSource({
        "classic, CLASSIC",
        "CLASSIC, CLASSIC",
        "batched, BATCHED",
        "edge, EDGE",
        "Edge, EDGE"
    })
    void aModeIsNamedInAnyCase(String text, Mode mode) {
        properties.put("ron.mode", text);
        environment.put("RON_MODE", "batched");

        assertEquals(mode, resolve().mode());
    }

    @Test
    void aNumberBeyondIntIsTheLargestInt() {
        properties.put("ron.fanout", "2147483648");
        properties.put("ron.burst", "4294967297");
        properties.put("ron.bus.overflow.warn.per.min", "99999999999999999999");

        assertEquals(OptionalInt.of(Integer.MAX_VALUE), resolve().fanoutHint());
        assertEquals(Integer.MAX_VALUE, resolve().burst());
        assertEquals(Integer.MAX_VALUE, resolve().overflowWarnPerMinute());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65537", "2147483647", "4294967297"})
    void aFlushThresholdOutsideItsRangeIsRefusedWhereverItComesFrom(String text) {
        properties.put("ron.tls.flush.threshold", text);

        assertRefused(
                "ron.tls.flush.threshold: \"" + text + "\" is not a whole number from 1 to 65536",
                new BusBuilder());
    }

    @Test
    void theLargestFlushThresholdIsTaken() {
        properties.put("ron.tls.flush.threshold", "65536");

        assertEquals(65_536, resolve().flushThreshold());
        assertEquals(
                65_536,
                resolver.resolve(new BusBuilder().flushThreshold(65_536).settings)
                        .flushThreshold());
    }

    @ParameterizedTest
    @MethodSource("table")
    void aRefusedTextIsQuotedOnOneLineAndNoLongerThanItTakesToKnowIt(Row row) {
        environment.put(row.variable, "?\n\u001b[31m" + "x".repeat(5_000_000));

        assertRefused(
                row.variable
                        + ": \"?\\n\\u001b[31m"
                        + "x".repeat(57)
                        + "\"... (5000007 characters) is not "
                        + row.allowed,
                new BusBuilder());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1000",
        "999999, 999999000",
        "1000000, 1000000000",
        "1000001, 1000000000",
        "99999999999999999999, 1000000000"
    })
    void lingerIsInMicrosecondsAndAtMostOneSecond(String micros, long nanos) {
        environment.put("RON_EDGE_LINGER_US", micros);

        assertEquals(Duration.ofNanos(nanos), resolve().linger());
    }

    @Test
    void aBuiltLingerMayBeZeroAndIsAtMostOneSecond() {
        assertEquals(
                Duration.ZERO,
                resolver.resolve(new BusBuilder().linger(Duration.ZERO).settings).linger());
        assertEquals(
                Duration.ofSeconds(1),
                resolver.resolve(
                                new BusBuilder()
                                        .linger(Duration.ofSeconds(Long.MAX_VALUE))
                                        .settings)
                        .linger());
    }

    // Warnings

    @ParameterizedTest
    @ValueSource(strings = {"RON_CAP", "RON_BUS_CAPACITY"})
    void aCapacityOver256FromAVariableWarnsOnce(String variable) {
        environment.put(variable, "257");

        resolver.resolve(new BusBuilder().name("orders").settings);

        assertEquals(
                List.of(
                        "WARNING bus \"orders\": capacity 512 from "
                                + variable
                                + " is over 256"
                                + TOO_LARGE),
                logged);
    }

    @Test
    void aCapacityOver256FromAPropertyWarnsOncePerBuild() {
        properties.put("ron.cap", "1024");
        String warning = "WARNING bus \"bus\": capacity 1024 from ron.cap is over 256" + TOO_LARGE;

        resolve();
        assertEquals(List.of(warning), logged);
        resolve();
        assertEquals(List.of(warning, warning), logged);
    }

    @Test
    void aCapacityOverTheLargestWarnsOnceWhoeverAskedForIt() {
        String instead = " is over the largest capacity: it is 65536 instead";

        assertEquals(65_536, resolver.resolve(1_000_000).capacity());
        assertEquals(
                65_536, resolver.resolve(new BusBuilder().capacity(1_000_000).settings).capacity());
        assertEquals(
                List.of(
                        "WARNING bus \"bus\": create(1000000)" + instead,
                        "WARNING bus \"bus\": capacity(1000000)" + instead),
                logged);
        logged.clear();
        environment.put("RON_CAP", "99999999999");
        resolve();
        properties.put("ron.cap", "65537");
        resolve();
        assertEquals(
                List.of(
                        "WARNING bus \"bus\": RON_CAP: \"99999999999\"" + instead,
                        "WARNING bus \"bus\": ron.cap: \"65537\"" + instead),
                logged.stream().filter(line -> line.contains("largest")).toList());
    }

    @Test
    void theLargestCapacityIsNotCalledTooLarge() {
        resolver.resolve(65_536);
        resolver.resolve(new BusBuilder().capacity(65_536).settings);

        assertEquals(List.of(), logged);
    }

    @Test
    void aLingerOverTheLongestWarnsOnceWhoeverAskedForIt() {
        String instead = " is over the longest linger: it is one second instead";
        environment.put("RON_EDGE_LINGER_US", "1000001");

        resolve();
        resolver.resolve(new BusBuilder().linger(Duration.ofSeconds(2)).settings);
        resolver.resolve(new BusBuilder().linger(Duration.ofSeconds(1)).settings);

        assertEquals(
                List.of(
                        "WARNING bus \"bus\": RON_EDGE_LINGER_US: \"1000001\"" + instead,
                        "WARNING bus \"bus\": linger(PT2S)" + instead),
                logged);
    }

    @Test
    void aLoggerThatThrowsDoesNotKeepTheBusFromBeingBuilt() {
        ConfigResolver unlogged =
                new ConfigResolver(
                        properties::get,
                        environment::get,
                        () -> {
                            throw new IllegalStateException("disk full");
                        });
        properties.put("ron.cap", "1024");
        properties.put("ron.fanout", "3");

        assertEquals(1024, unlogged.resolve(new BusBuilder().burst(2048).settings).capacity());
    }

    @Test
    void aCapacityOf256FromOutsideDoesNotWarn() {
        environment.put("RON_CAP", "256");

        resolve();

        assertEquals(List.of(), logged);
    }

    @Test
    void aLargeCapacityFromTheBuilderOrFromCreateDoesNotWarn() {
        environment.put("RON_CAP", "4096");

        resolver.resolve(new BusBuilder().capacity(4096).settings);
        resolver.resolve(4096);

        assertEquals(List.of(), logged);
    }

    @Test
    void aBurstOverTheCapacityWarnsOnceWhoeverSetIt() {
        String warning = "WARNING bus \"bus\": capacity 64 is below burst 65" + BURST_OVERFLOWS;

        resolver.resolve(new BusBuilder().capacity(64).burst(65).settings);
        assertEquals(List.of(warning), logged);
        environment.put("RON_BURST", "65");
        resolver.resolve(64);
        assertEquals(List.of(warning, warning), logged);
        properties.put("ron.burst", "65");
        resolver.resolve(64);
        assertEquals(List.of(warning, warning, warning), logged);
    }

    @Test
    void aBurstOfTheCapacityDoesNotWarn() {
        resolver.resolve(new BusBuilder().capacity(64).burst(64).settings);

        assertEquals(List.of(), logged);
    }

    @Test
    void aBurstNobodySetDoesNotWarn() {
        resolver.resolve(new BusBuilder().capacity(64).settings);

        assertEquals(List.of(), logged);
    }

    @Test
    void aConfigurationThatIsRefusedWarnsOfNothing() {
        environment.put("RON_CAP", "1024");
        environment.put("RON_BURST", "2048");
        environment.put("RON_FANOUT", "3");
        environment.put("RON_BUS_PQ_LABEL", "?!");

        assertThrows(IllegalArgumentException.class, this::resolve);

        assertEquals(List.of(), logged);
    }

    private BusConfig resolve() {
        return resolver.resolve(new BusBuilder().settings);
    }

    private void assertRefused(String message, BusBuilder builder) {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class, () -> resolver.resolve(builder.settings));
        assertEquals(message, refused.getMessage());
    }
}
