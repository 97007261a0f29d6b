package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.util.ArrayList;
import java.util.List;

/**
 * All fences of the library, each with the step before it and the step after it in the compiled
 * class. On x86 hardly a run would show that one is missing: most of what stands before a fence is
 * one there. A step is a call or an access to a field; a field that is written has an equals sign.
 */
class EachFenceStandsInItsPlaceTest {
    @Test
    void theyAreTheseAndNoOthers() {
        List<String> fences = new ArrayList<>();
        for (ClassReader file : ClassFiles.ofTheLibrary()) {
            String name = file.getClassName();
            file.accept(visitor(name.substring(name.lastIndexOf('/') + 1), fences), 0);
        }
        assertThat(fences)
                .containsExactlyInAnyOrder(
                        // A node is armed before the ring is looked at once more.
                        "Waiter.awaitEnlisted: arm, fullFence, isArmed",
                        // A publisher is in the queue before it looks for room.
                        "Room.join: add, fullFence, -",
                        // It is aside before it wakes the next, and no longer aside before it
                        // looks.
                        "Room.stepAside: aside=, fullFence, queueOf",
                        "Room.stepBack: aside=, fullFence, -",
                        // It is counted out before it looks whom to wake.
                        "Room.leave: getAndAdd, fullFence, queueOf",
                        // The ring is closed, a receiver has moved, before whether anyone waits.
                        "Room.closed: -, fullFence, waiting",
                        "Room.signal: -, fullFence, waiting",
                        // A lossless receiver is listed, and the limit void, before the tail.
                        "Room.admit: limit=, fullFence, ring",
                        // A receiver is counted before its start is looked for.
                        "Receivers.enter: getAndAdd, fullFence, -",
                        // The owner's last step is in memory before whether its account lives.
                        "Account.skip: -, fullFence, isLive",
                        // A receiver is not read where only its absence is asked for.
                        "Account.get: -, loadLoadFence, get",
                        // The end, or the new receiver, is there before the tombstone is read.
                        "Amnesia.dropUnreadable: done, fullFence, tombstone",
                        // A stamp is busy before it changes, and whole before it is believed.
                        "Sampler.stamp: compareAndSet, storeStoreFence, stamps",
                        "Sampler.receivedTimed: getOpaque, loadLoadFence, stamps");
    }

    private static ClassVisitor visitor(String owner, List<String> fences) {
        return new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(
                    int access, String name, String type, String signature, String[] exceptions) {
                return new Steps(owner + "." + name, fences);
            }
        };
    }

    /** Notes the fences of a method. */
    private static final class Steps extends MethodVisitor {
        private final String method;
        private final List<String> fences;
        private String last = "-";
        private String begun = "";

        Steps(String method, List<String> fences) {
            super(Opcodes.ASM9);
            this.method = method;
            this.fences = fences;
        }

        @Override
        public void visitMethodInsn(
                int opcode, String owner, String name, String type, boolean isInterface) {
            boolean isFence = name.endsWith("Fence");
            step(isFence ? last + ", " + name : name, isFence);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String type) {
            if (opcode == Opcodes.GETFIELD) {
                step(name, false);
            } else if (opcode == Opcodes.PUTFIELD) {
                step(name + "=", false);
            }
        }

        private void step(String step, boolean isFence) {
            end(step);
            begun = isFence ? step : "";
            last = step;
        }

        private void end(String next) {
            if (!begun.isEmpty()) {
                fences.add(method + ": " + begun + ", " + next);
            }
        }

        @Override
        public void visitEnd() {
            end("-");
        }
    }
}
