package dev.rustyonions.bus.gate;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

import java.util.Set;
import java.util.TreeSet;

/** The packages that a compiled class refers to, generic signatures and annotations included. */
final class PackageUses {

    private PackageUses() {}

    static Set<String> of(ClassReader type) {
        Set<String> packages = new TreeSet<>();
        Remapper collector =
                new Remapper(Opcodes.ASM9) {
                    @Override
                    public String map(String internalName) {
                        packages.add(packageOf(internalName));
                        return internalName;
                    }
                };
        type.accept(new ClassRemapper(new ClassVisitor(Opcodes.ASM9) {}, collector), 0);
        packages.remove(packageOf(type.getClassName()));
        return packages;
    }

    static String packageOf(String internalName) {
        int end = internalName.lastIndexOf('/');
        return end < 0 ? "" : internalName.substring(0, end).replace('/', '.');
    }
}
