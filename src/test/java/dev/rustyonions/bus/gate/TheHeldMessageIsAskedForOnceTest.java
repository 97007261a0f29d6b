package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Receiver;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.util.ArrayList;
import java.util.List;

/**
 * A receive does not read plain whether a message is held after a lag. Another thread that ends the
 * receiver clears that field, and the position read next may be of before: then the receive would
 * take the message above the one held. No machine at hand shows that in a run, so the compiled
 * class tells.
 */
class TheHeldMessageIsAskedForOnceTest {
    @Test
    void oneMethodOfACursorReadsItAndThatVolatile() throws Exception {
        List<String> reading = new ArrayList<>();
        List<String> writing = new ArrayList<>();
        List<String> asking = new ArrayList<>();
        ClassFiles.of(Class.forName(Receiver.class.getPackageName() + ".ring.Cursor"))
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String type, String sig, String[] ex) {
                                return new MethodVisitor(Opcodes.ASM9) {
                                    private boolean isOfTheHandle;

                                    @Override
                                    public void visitMethodInsn(
                                            int opcode,
                                            String owner,
                                            String called,
                                            String type,
                                            boolean isInterface) {
                                        if (isOfTheHandle
                                                && owner.endsWith("VarHandle")
                                                && !called.equals("setVolatile")) {
                                            asking.add(name + " " + called);
                                        }
                                        isOfTheHandle &= !owner.endsWith("VarHandle");
                                    }

                                    @Override
                                    public void visitFieldInsn(
                                            int opcode, String owner, String field, String type) {
                                        isOfTheHandle |= field.equals("HELD");
                                        if (field.equals("held")) {
                                            (opcode == Opcodes.GETFIELD ? reading : writing)
                                                    .add(name);
                                        }
                                    }
                                };
                            }
                        },
                        0);
        assertThat(reading).isEmpty();
        assertThat(asking).containsExactly("peekHeld getVolatile");
        assertThat(writing).as("the field is called held").isNotEmpty();
    }
}
