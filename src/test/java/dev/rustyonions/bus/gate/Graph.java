package dev.rustyonions.bus.gate;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which source files of one package refer to which others.
 *
 * <p>A node is a source file, since what stands in one file was put there to be read as one. A
 * sealed type and what it permits are one node too, by the name of the sealed type: Java makes the
 * two refer to each other.
 *
 * @param uses for each node, those it refers to
 */
record Graph(SortedMap<String, SortedSet<String>> uses) {

    /** A reference of one node to another. */
    record Edge(String from, String to) implements Comparable<Edge> {
        @Override
        public int compareTo(Edge other) {
            int byFrom = from.compareTo(other.from);
            return byFrom != 0 ? byFrom : to.compareTo(other.to);
        }

        @Override
        public String toString() {
            return from + " --> " + to;
        }
    }

    static Graph ofPackage(String packageName, List<ClassReader> classes) {
        List<Type> types =
                classes.stream()
                        .filter(c -> PackageUses.packageOf(c.getClassName()).equals(packageName))
                        .map(Type::of)
                        .toList();
        Map<String, String> nodes = nodesOf(types);
        SortedMap<String, SortedSet<String>> uses = new TreeMap<>();
        for (Type type : types) {
            String from = nodes.get(type.name);
            SortedSet<String> to = uses.computeIfAbsent(from, node -> new TreeSet<>());
            for (String used : type.uses) {
                String node = nodes.get(used);
                if (node != null && !node.equals(from)) {
                    to.add(node);
                }
            }
        }
        return new Graph(uses);
    }

    static Graph of(Collection<Edge> edges) {
        SortedMap<String, SortedSet<String>> uses = new TreeMap<>();
        for (Edge edge : edges) {
            uses.computeIfAbsent(edge.from, node -> new TreeSet<>()).add(edge.to);
            uses.computeIfAbsent(edge.to, node -> new TreeSet<>());
        }
        return new Graph(uses);
    }

    SortedSet<Edge> edges() {
        SortedSet<Edge> edges = new TreeSet<>();
        uses.forEach((from, all) -> all.forEach(to -> edges.add(new Edge(from, to))));
        return edges;
    }

    /** The edges that lie on a circle. */
    SortedSet<Edge> circular() {
        SortedSet<Edge> circular = new TreeSet<>();
        for (Edge edge : edges()) {
            if (reachableFrom(edge.to).contains(edge.from)) {
                circular.add(edge);
            }
        }
        return circular;
    }

    private Set<String> reachableFrom(String start) {
        Set<String> reached = new TreeSet<>(Set.of(start));
        Deque<String> left = new ArrayDeque<>(reached);
        while (!left.isEmpty()) {
            for (String next : uses.get(left.pop())) {
                if (reached.add(next)) {
                    left.push(next);
                }
            }
        }
        return reached;
    }

    /**
     * For each class its node: its file, or that of the sealed type which permits the file's types.
     */
    private static Map<String, String> nodesOf(List<Type> types) {
        Map<String, String> files = new HashMap<>();
        types.forEach(type -> files.put(type.name, type.file));
        Map<String, String> sealedBy = new HashMap<>();
        for (Type type : types) {
            for (String permitted : type.permits) {
                String file = files.get(permitted);
                if (!file.equals(type.file)) {
                    sealedBy.put(file, type.file);
                }
            }
        }
        Map<String, String> nodes = new HashMap<>();
        files.forEach(
                (name, file) -> {
                    String node = file;
                    while (sealedBy.containsKey(node)) {
                        node = sealedBy.get(node);
                    }
                    nodes.put(name, node);
                });
        return nodes;
    }

    /** A compiled class: its source file without the ending, what it permits and refers to. */
    private record Type(String name, String file, Set<String> permits, Set<String> uses) {
        static Type of(ClassReader reader) {
            String[] file = new String[1];
            Set<String> permits = new TreeSet<>();
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9) {
                        @Override
                        public void visitSource(String source, String debug) {
                            file[0] = source.replace(".java", "");
                        }

                        @Override
                        public void visitPermittedSubclass(String permitted) {
                            permits.add(permitted);
                        }
                    },
                    ClassReader.SKIP_CODE);
            return new Type(reader.getClassName(), file[0], permits, PackageUses.types(reader));
        }
    }
}
