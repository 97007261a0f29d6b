package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.util.ArrayList;
import java.util.List;

/**
 * The order of steps between publishers that wait and lossless receivers in the compiled class: on
 * x86 hardly a run would show that a fence is missing.
 */
class FenceBeforeTheLookForRoomTest {
    @Test
    void aReceiverFencesBeforeItReadsWhetherAPublisherWaits() throws Exception {
        assertThat(steps("signal")).startsWith("fullFence", "waiting");
    }

    @Test
    void aPublisherJoinsThenFencesBeforeItReturnsToLook() throws Exception {
        assertThat(steps("join")).containsSubsequence("getAndAdd", "add", "fullFence");
        assertThat(steps("join")).last().isEqualTo("fullFence");
    }

    /** The calls and the reads of fields of a method of the room, in the order of the class. */
    private static List<String> steps(String method) throws Exception {
        List<String> steps = new ArrayList<>();
        ClassFiles.of(Class.forName("dev.rustyonions.bus.ring.Room"))
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String type, String sig, String[] ex) {
                                return name.equals(method) ? recorder(steps) : null;
                            }
                        },
                        0);
        return steps;
    }

    private static MethodVisitor recorder(List<String> steps) {
        return new MethodVisitor(Opcodes.ASM9) {
            @Override
            public void visitMethodInsn(
                    int opcode, String owner, String name, String type, boolean isInterface) {
                steps.add(name);
            }

            @Override
            public void visitFieldInsn(int opcode, String owner, String name, String type) {
                if (opcode == Opcodes.GETFIELD) {
                    steps.add(name);
                }
            }
        };
    }
}
