package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.ring.Cursor;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.util.ArrayList;
import java.util.List;

/**
 * The waiting protocol's order of steps in the compiled class: on x86 no run would show that the
 * fence is missing.
 */
class FenceBeforeTheSecondLookTest {
    @Test
    void aWaiterArmsThenFencesThenLooksThenParks() {
        assertThat(calls("awaitEnlisted"))
                .containsSubsequence("arm", "fullFence", "mayPark", "park", "disarm");
        assertThat(callsBetween("arm", "fullFence")).isEmpty();
    }

    private static List<String> callsBetween(String first, String last) {
        List<String> calls = calls("awaitEnlisted");
        return calls.subList(calls.indexOf(first) + 1, calls.indexOf(last));
    }

    private static List<String> calls(String method) {
        List<String> calls = new ArrayList<>();
        ClassFiles.of(Cursor.class.getSuperclass())
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String type, String sig, String[] ex) {
                                return name.equals(method) ? recorder(calls) : null;
                            }
                        },
                        0);
        return calls;
    }

    private static MethodVisitor recorder(List<String> calls) {
        return new MethodVisitor(Opcodes.ASM9) {
            @Override
            public void visitMethodInsn(
                    int opcode, String owner, String name, String type, boolean isInterface) {
                calls.add(name);
            }
        };
    }
}
