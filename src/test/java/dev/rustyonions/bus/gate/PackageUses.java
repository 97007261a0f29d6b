package dev.rustyonions.bus.gate;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

import java.util.Set;
import java.util.TreeSet;

/** What a compiled class refers to, in code, generic signatures and annotations. */
final class PackageUses {

    private PackageUses() {}

    /** The packages, its own left out. */
    static Set<String> of(ClassReader type) {
        Set<String> packages = new TreeSet<>();
        for (String used : types(type)) {
            packages.add(packageOf(used));
        }
        packages.remove(packageOf(type.getClassName()));
        return packages;
    }

    /** The classes, by their internal names. */
    static Set<String> types(ClassReader type) {
        Set<String> types = new TreeSet<>();
        Remapper collector =
                new Remapper(Opcodes.ASM9) {
                    @Override
                    public String map(String internalName) {
                        types.add(internalName);
                        return internalName;
                    }
                };
        // Into a writer, because a remapper passes over the code that nobody behind it wants.
        type.accept(new ClassRemapper(new ClassWriter(0), collector), 0);
        return types;
    }

    static String packageOf(String internalName) {
        int end = internalName.lastIndexOf('/');
        return end < 0 ? "" : internalName.substring(0, end).replace('/', '.');
    }
}
