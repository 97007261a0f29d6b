package dev.rustyonions.bus.ring;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Loads the engine anew, with some calls turned into calls of a scenario's, or into nothing. */
final class Rewired extends ClassLoader {
    private static final String PACKAGE = "dev.rustyonions.bus.ring.";

    /**
     * Which calls are turned into which.
     *
     * @param type the class in which they stand
     * @param method the method in which they stand
     * @param called the name of what is called
     * @param scenario the class that has the static method of that name which is called instead,
     *     with the receiver of the call as its first argument; null if nothing is, which only a
     *     call without arguments and result can be turned into
     */
    record Calls(String type, String method, String called, Class<?> scenario) {}

    private final List<Calls> rewired;

    Rewired(List<Calls> rewired) {
        super(Rewired.class.getClassLoader());
        this.rewired = rewired;
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
        byte[] bytes = bytes(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] bytes(String name) {
        String file = "/" + name.replace('.', '/') + ".class";
        try (InputStream in = Rewired.class.getResourceAsStream(file)) {
            byte[] original = Objects.requireNonNull(in, file).readAllBytes();
            if (rewired.stream().noneMatch(calls -> name.equals(PACKAGE + calls.type))) {
                return original;
            }
            ClassReader reader = new ClassReader(original);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(rewiring(writer, name), 0);
            return writer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ClassVisitor rewiring(ClassVisitor next, String type) {
        return new ClassVisitor(Opcodes.ASM9, next) {
            @Override
            public MethodVisitor visitMethod(
                    int access, String method, String desc, String sig, String[] ex) {
                MethodVisitor original = super.visitMethod(access, method, desc, sig, ex);
                return new MethodVisitor(Opcodes.ASM9, original) {
                    @Override
                    public void visitMethodInsn(
                            int opcode, String owner, String called, String desc, boolean itf) {
                        for (Calls calls : rewired) {
                            if (type.equals(PACKAGE + calls.type)
                                    && method.equals(calls.method)
                                    && called.equals(calls.called)) {
                                instead(calls.scenario, opcode, owner, called, desc);
                                return;
                            }
                        }
                        super.visitMethodInsn(opcode, owner, called, desc, itf);
                    }

                    private void instead(
                            Class<?> scenario, int opcode, String owner, String name, String desc) {
                        if (scenario != null) {
                            super.visitMethodInsn(
                                    Opcodes.INVOKESTATIC,
                                    scenario.getName().replace('.', '/'),
                                    name,
                                    opcode == Opcodes.INVOKESTATIC
                                            ? desc
                                            : "(L" + owner + ";" + desc.substring(1),
                                    false);
                        }
                    }
                };
            }
        };
    }
}
