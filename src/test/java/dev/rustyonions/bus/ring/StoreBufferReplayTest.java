package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Store buffering, which x86 does not do across a compare-and-set, played out on the compiled
 * waiting protocol.
 */
class StoreBufferReplayTest {
    private static final String PACKAGE = "dev.rustyonions.bus.ring.";

    @Test
    void theFenceMakesTheArmedNodeVisibleBeforeTheSecondLook() throws Exception {
        assertThat(woken(true)).isTrue();
    }

    @Test
    void withoutAFenceTheReplayLosesTheWakeUp() throws Exception {
        assertThat(woken(false)).isFalse();
    }

    private static boolean woken(boolean fenced) throws Exception {
        Class<?> scenario = new Rewiring(fenced).loadClass(PACKAGE + "StoreBuffer");
        return (boolean) ((Callable<?>) scenario.getConstructor().newInstance()).call();
    }

    /**
     * Loads the engine anew, with the cursor's full fences turned into calls of the scenario's, or
     * into nothing.
     */
    private static final class Rewiring extends ClassLoader {
        private final boolean fenced;

        Rewiring(boolean fenced) {
            super(StoreBufferReplayTest.class.getClassLoader());
            this.fenced = fenced;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PACKAGE)) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            byte[] bytes = rewired(name);
            return defineClass(name, bytes, 0, bytes.length);
        }

        private byte[] rewired(String name) {
            String file = "/" + name.replace('.', '/') + ".class";
            try (InputStream in = StoreBufferReplayTest.class.getResourceAsStream(file)) {
                byte[] original = Objects.requireNonNull(in, file).readAllBytes();
                if (!name.endsWith(".Waiter")) {
                    return original;
                }
                ClassReader reader = new ClassReader(original);
                ClassWriter writer = new ClassWriter(reader, 0);
                reader.accept(fences(writer), 0);
                return writer.toByteArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private ClassVisitor fences(ClassVisitor next) {
            return new ClassVisitor(Opcodes.ASM9, next) {
                @Override
                public MethodVisitor visitMethod(
                        int access, String name, String type, String sig, String[] ex) {
                    return new MethodVisitor(
                            Opcodes.ASM9, super.visitMethod(access, name, type, sig, ex)) {
                        @Override
                        public void visitMethodInsn(
                                int opcode,
                                String owner,
                                String name,
                                String type,
                                boolean isInterface) {
                            if (!name.equals("fullFence")) {
                                super.visitMethodInsn(opcode, owner, name, type, isInterface);
                            } else if (fenced) {
                                super.visitMethodInsn(
                                        Opcodes.INVOKESTATIC,
                                        "dev/rustyonions/bus/ring/StoreBuffer",
                                        "fence",
                                        "()V",
                                        false);
                            }
                        }
                    };
                }
            };
        }
    }
}
