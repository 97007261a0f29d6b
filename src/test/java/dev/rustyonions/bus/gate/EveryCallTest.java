package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.Sender;
import dev.rustyonions.bus.fixture.EveryCall;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Tests that make every call of a bus make every call. */
class EveryCallTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                Bus.class,
                Sender.class,
                Receiver.class,
                Batch.class,
                BusObserver.Registration.class
            })
    void noPublicMethodIsLeftOutButTheCloseOfTheBus(Class<?> type) {
        Set<String> left = methodsOf(type);
        left.removeAll(calls());
        assertThat(left)
                .isSubsetOf(type == Bus.class ? Set.of(name(Bus.class, "close", "()V")) : Set.of());
    }

    private static Set<String> methodsOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
                .map(EveryCallTest::name)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static String name(Method method) {
        return name(method.getDeclaringClass(), method.getName(), Type.getMethodDescriptor(method));
    }

    private static String name(Class<?> owner, String method, String descriptor) {
        return Type.getInternalName(owner) + "." + method + descriptor;
    }

    /** The calls that are compiled into the fixture. */
    private static Set<String> calls() {
        Set<String> calls = new HashSet<>();
        ClassVisitor classes =
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String type, String generic, String[] thrown) {
                        return new MethodVisitor(Opcodes.ASM9) {
                            @Override
                            public void visitMethodInsn(
                                    int opcode,
                                    String owner,
                                    String method,
                                    String descriptor,
                                    boolean ofInterface) {
                                calls.add(owner + "." + method + descriptor);
                            }
                        };
                    }
                };
        ClassFiles.of(EveryCall.class).accept(classes, ClassReader.SKIP_DEBUG);
        return calls;
    }
}
