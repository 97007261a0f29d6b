package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Handler;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.Sender;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Null for any parameter of any public method or constructor is refused with the parameter's name.
 */
class NullArgumentsTest {

    /** Methods that are not asked, each with the reason. */
    private static final Map<String, String> LEFT_OUT =
            Map.of(
                    "equals", "of nulls too it is to say whether they are equal",
                    "valueOf", "of an enumeration, written by the compiler");

    /** Types that are not asked, each with the reason. */
    private static final Map<Class<?>, String> NOT_CALLED =
            Map.of(
                    BusObserver.class, "users implement it and the bus calls it",
                    Handler.class, "users implement it and the receiver calls it");

    /** Abstract methods have no names of parameters in class files; those who implement them do. */
    private static final Map<Class<?>, String> IMPLEMENTED_BY =
            Map.of(
                    Receiver.class, "dev.rustyonions.bus.BusReceiver",
                    Sender.class, "dev.rustyonions.bus.BusSender");

    private static final Map<Class<?>, Object> VALID =
            Map.ofEntries(
                    Map.entry(int.class, 4),
                    Map.entry(long.class, 1L),
                    Map.entry(boolean.class, true),
                    Map.entry(Object.class, "event"),
                    Map.entry(String.class, "name"),
                    Map.entry(Class.class, String.class),
                    Map.entry(List.class, List.of("event")),
                    Map.entry(Iterable.class, Tags.of("key", "value")),
                    Map.entry(Duration.class, Duration.ofNanos(1)),
                    Map.entry(Mode.class, Mode.EDGE),
                    Map.entry(Reason.class, Reason.BUS_CLOSED),
                    Map.entry(Optional.class, Optional.of("label")),
                    Map.entry(OptionalInt.class, OptionalInt.of(1)),
                    Map.entry(Predicate.class, (Predicate<Object>) event -> true),
                    Map.entry(Executor.class, (Executor) task -> {}),
                    Map.entry(Function.class, (Function<Object, Object>) event -> event),
                    Map.entry(Consumer.class, (Consumer<Object>) any -> {}),
                    Map.entry(UUID.class, new UUID(1, 2)),
                    Map.entry(Handler.class, new Nothing()),
                    Map.entry(LongConsumer.class, (LongConsumer) missed -> {}),
                    Map.entry(BusObserver.class, new BusObserver() {}),
                    Map.entry(MeterRegistry.class, new SimpleMeterRegistry()));

    /** A handler that does nothing. */
    private static final class Nothing implements Handler<Object, RuntimeException> {
        @Override
        public void onMessage(Message<Object> message) {}

        @Override
        public void onLag(Lagged<Object> lag) {}
    }

    /** One parameter of one method or constructor of a type. */
    record Asked(Class<?> type, Executable called, int parameter, String name) {
        @Override
        public String toString() {
            return type.getSimpleName() + "." + called.getName() + ": " + name;
        }
    }

    @ParameterizedTest
    @MethodSource("everyReferenceParameter")
    void nullIsRefusedByTheNameOfTheParameter(Asked asked) {
        Object[] arguments =
                Arrays.stream(asked.called.getParameterTypes())
                        .map(NullArgumentsTest::valid)
                        .toArray();
        arguments[asked.parameter] = null;
        assertThat(catchThrowable(() -> call(asked, arguments)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage(asked.name);
    }

    @Test
    void aNullInAListOrAmongTagsIsRefusedByItsPlace() {
        Bus<Object> bus = Bus.create(4);
        List<Object> events = Arrays.asList("event", null);
        List<Tag> tags = Arrays.asList(Tag.of("a", "b"), null);
        assertThat(catchThrowable(() -> bus.publishMany(events)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("events[1]");
        assertThat(catchThrowable(() -> bus.submitMany(events)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("events[1]");
        assertThat(catchThrowable(() -> BusMetrics.builder(bus).tags(tags)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("more[1]");
    }

    /** Else the test could be green because it asks nobody. */
    @Test
    void theTypesWithReferenceParametersAreFound() throws Exception {
        assertThat(everyReferenceParameter().map(asked -> asked.type.getSimpleName()))
                .contains("Bus", "Sender", "Receiver", "Batch", "BusBuilder", "SubscribeOptions")
                .contains("BusMetrics", "Builder", "Message", "Closed", "BusConfig", "Health");
    }

    static Stream<Asked> everyReferenceParameter() throws Exception {
        Set<String> exported = exportedPackages();
        List<Asked> all = new ArrayList<>();
        for (ClassReader file : ClassFiles.ofTheLibrary()) {
            Class<?> type = Class.forName(file.getClassName().replace('/', '.'));
            if (exported.contains(type.getPackageName())
                    && isPublic(type)
                    && !NOT_CALLED.containsKey(type)) {
                all.addAll(asked(type));
            }
        }
        return all.stream();
    }

    /** Read from the descriptor's file, which is there on the class path too. */
    private static Set<String> exportedPackages() throws IOException {
        try (InputStream descriptor = Bus.class.getResourceAsStream("/module-info.class")) {
            return ModuleDescriptor.read(Objects.requireNonNull(descriptor)).exports().stream()
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        }
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    private static List<Asked> asked(Class<?> type) throws Exception {
        Map<String, List<String>> names = parameterNames(type);
        List<Asked> asked = new ArrayList<>();
        List<Executable> called = new ArrayList<>(List.of(type.getDeclaredConstructors()));
        called.addAll(List.of(type.getDeclaredMethods()));
        for (Executable each : called) {
            if (!Modifier.isPublic(each.getModifiers())
                    || each.isSynthetic()
                    || LEFT_OUT.containsKey(each.getName())) {
                continue;
            }
            for (int i = 0; i < each.getParameterCount(); i++) {
                if (!each.getParameterTypes()[i].isPrimitive()) {
                    asked.add(new Asked(type, each, i, names.get(key(each)).get(i)));
                }
            }
        }
        return asked;
    }

    private static Object valid(Class<?> type) {
        Object valid = VALID.containsKey(type) ? VALID.get(type) : instance(type);
        assertThat(valid).as("a valid argument or instance of " + type).isNotNull();
        return valid;
    }

    /** A fresh instance, used by one call. */
    private static Object instance(Class<?> type) {
        Bus<Object> bus = Bus.create(4);
        List<Object> options = new ArrayList<>();
        Receiver<Object> receiver = bus.subscribe((SubscribeOptions<Object> o) -> options.add(o));
        return switch (type.getSimpleName()) {
            case "Bus" -> bus;
            case "Sender" -> bus.sender();
            case "Receiver" -> receiver;
            case "Batch" -> bus.batch();
            case "SubscribeOptions" -> options.get(0);
            case "BusBuilder" -> Bus.builder();
            case "BusMetrics" -> new BusMetrics(bus);
            case "Builder" -> BusMetrics.builder(bus);
            default -> null;
        };
    }

    private static Object call(Asked asked, Object[] arguments) throws Throwable {
        try {
            return switch (asked.called) {
                case Constructor<?> constructor -> constructor.newInstance(arguments);
                case Method method ->
                        method.invoke(
                                Modifier.isStatic(method.getModifiers()) ? null : valid(asked.type),
                                arguments);
            };
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    // ---- names ----

    private static String key(Executable called) {
        return called instanceof Method method
                ? method.getName() + Type.getMethodDescriptor(method)
                : "<init>" + Type.getConstructorDescriptor((Constructor<?>) called);
    }

    /** By name and descriptor of the method, from the tables of local variables. */
    private static Map<String, List<String>> parameterNames(Class<?> type) throws Exception {
        Class<?> compiled =
                IMPLEMENTED_BY.containsKey(type) ? Class.forName(IMPLEMENTED_BY.get(type)) : type;
        Map<String, List<String>> names = new HashMap<>();
        ClassVisitor methods =
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access,
                            String name,
                            String descriptor,
                            String generic,
                            String[] thrown) {
                        List<String> own = new ArrayList<>();
                        names.put(name + descriptor, own);
                        return new Parameters(access, descriptor, own);
                    }
                };
        ClassFiles.of(compiled).accept(methods, 0);
        return names;
    }

    /** Writes down the names of the local variables that are parameters, in order. */
    private static final class Parameters extends MethodVisitor {
        private final Map<Integer, String> bySlot = new HashMap<>();
        private final int access;
        private final String descriptor;
        private final List<String> names;

        Parameters(int access, String descriptor, List<String> names) {
            super(Opcodes.ASM9);
            this.access = access;
            this.descriptor = descriptor;
            this.names = names;
        }

        @Override
        public void visitLocalVariable(
                String name, String type, String generic, Label start, Label end, int slot) {
            bySlot.putIfAbsent(slot, name);
        }

        @Override
        public void visitEnd() {
            int slot = Modifier.isStatic(access) ? 0 : 1;
            for (Type parameter : Type.getArgumentTypes(descriptor)) {
                names.add(bySlot.getOrDefault(slot, "no name at slot " + slot));
                slot += parameter.getSize();
            }
        }
    }
}
