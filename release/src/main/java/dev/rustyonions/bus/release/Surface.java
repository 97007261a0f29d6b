package dev.rustyonions.bus.release;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.TypeReference;
import org.objectweb.asm.signature.SignatureReader;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InnerClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.ModuleNode;
import org.objectweb.asm.tree.TypeAnnotationNode;
import org.objectweb.asm.util.TraceSignatureVisitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The public and protected surface of compiled classes as text: the module descriptor, and each
 * type of an exported package with its members, in alphabetical order.
 *
 * <p>Class files are read and not loaded, so that nothing they name has to be there, and the text
 * does not depend on the JDK. What a public type inherits from a type that is not public is told as
 * its own, since its users can call it. Constants are told with their values, which javac copies
 * into the caller. Of annotations those of {@code java.lang} and JSpecify are told: a result that
 * may be null from now on is a change for callers.
 */
final class Surface {
    private static final Pattern PROPERTY =
            Pattern.compile("\"name\": \"([^\"]+)\",\\s*\"type\": \"([^\"]+)\"");

    private final Map<String, ClassNode> types = new TreeMap<>();
    private @Nullable ModuleNode module;

    private Surface() {}

    /** The text for the classes below a folder. */
    static String of(String artifact, Path classes) throws IOException {
        Surface surface = new Surface();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(classes)) {
            files = walk.filter(file -> file.toString().endsWith(".class")).sorted().toList();
        }
        for (Path file : files) {
            ClassNode node = new ClassNode();
            new ClassReader(Files.readAllBytes(file)).accept(node, ClassReader.SKIP_CODE);
            surface.types.put(node.name, node);
            if (node.module != null) {
                surface.module = node.module;
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("# Public and protected surface of " + artifact + ".");
        surface.writeModule(lines);
        for (ClassNode type : surface.types.values()) {
            if (surface.isVisible(type)) {
                surface.writeType(type, lines);
            }
        }
        writeProperties(classes, lines);
        return String.join("\n", lines) + "\n";
    }

    // ---- the module ----

    private void writeModule(List<String> lines) {
        ModuleNode module = this.module;
        if (module == null) {
            lines.add("no module descriptor: every package is for users");
            return;
        }
        ClassNode descriptor = Objects.requireNonNull(types.get("module-info"));
        lines.add(
                ((module.access & Opcodes.ACC_OPEN) != 0 ? "open " : "")
                        + "module "
                        + module.name
                        + annotations(descriptor.visibleAnnotations));
        SortedSet<String> directives = new TreeSet<>();
        for (var export : orEmpty(module.exports)) {
            directives.add("exports " + dotted(export.packaze) + to(export.modules));
        }
        for (var opens : orEmpty(module.opens)) {
            directives.add("opens " + dotted(opens.packaze) + to(opens.modules));
        }
        for (var requires : orEmpty(module.requires)) {
            directives.add(
                    "requires "
                            + (is(requires.access, Opcodes.ACC_STATIC_PHASE) ? "static " : "")
                            + (is(requires.access, Opcodes.ACC_TRANSITIVE) ? "transitive " : "")
                            + requires.module);
        }
        for (String uses : orEmpty(module.uses)) {
            directives.add("uses " + dotted(uses));
        }
        for (var provides : orEmpty(module.provides)) {
            directives.add(
                    "provides "
                            + dotted(provides.service)
                            + " with "
                            + dotted(String.join(", ", provides.providers)));
        }
        directives.forEach(directive -> lines.add("    " + directive));
    }

    private static String to(@Nullable List<String> modules) {
        return orEmpty(modules).isEmpty()
                ? ""
                : " to " + String.join(", ", new TreeSet<>(orEmpty(modules)));
    }

    private boolean isExported(String packageName) {
        return module == null
                || orEmpty(module.exports).stream()
                        .anyMatch(export -> export.packaze.equals(packageName));
    }

    // ---- types ----

    /** Whether a user can name the type: it and those around it are public or protected. */
    private boolean isVisible(ClassNode type) {
        if (type.module != null || !isExported(packageOf(type.name))) {
            return false;
        }
        int access = access(type);
        if (!is(access, Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)
                || is(access, Opcodes.ACC_SYNTHETIC)) {
            return false;
        }
        for (InnerClassNode inner : type.innerClasses) {
            if (inner.name.equals(type.name)) {
                if (inner.outerName == null) {
                    return false;
                }
                ClassNode outer = types.get(inner.outerName);
                return outer != null && isVisible(outer);
            }
        }
        return !type.name.endsWith("/package-info");
    }

    /** A nested type has its true access with the types around it. */
    private static int access(ClassNode type) {
        for (InnerClassNode inner : type.innerClasses) {
            if (inner.name.equals(type.name)) {
                return inner.access;
            }
        }
        return type.access;
    }

    private void writeType(ClassNode type, List<String> lines) {
        TraceSignatureVisitor generic = new TraceSignatureVisitor(type.access);
        if (type.signature != null) {
            new SignatureReader(type.signature).accept(generic);
        } else {
            new SignatureReader(plainSignature(type)).accept(generic);
        }
        int access = access(type);
        lines.add(
                visibility(access)
                        + (is(access, Opcodes.ACC_STATIC) ? "static " : "")
                        + (is(access, Opcodes.ACC_ABSTRACT) && !is(access, Opcodes.ACC_INTERFACE)
                                ? "abstract "
                                : "")
                        + (is(access, Opcodes.ACC_FINAL) ? "final " : "")
                        + (type.permittedSubclasses == null ? "" : "sealed ")
                        + kind(type)
                        + dotted(type.name)
                        + generic.getDeclaration()
                        + annotations(type.visibleAnnotations)
                        + typeAnnotations(type.visibleTypeAnnotations));
        SortedSet<String> members = new TreeSet<>();
        addMembers(type, true, !is(access, Opcodes.ACC_FINAL), members);
        if (type.permittedSubclasses != null) {
            type.permittedSubclasses.forEach(
                    permitted -> members.add("permits " + dotted(permitted)));
        }
        if (type.recordComponents != null) {
            members.add(
                    type.recordComponents.stream()
                            .map(component -> component.name)
                            .collect(Collectors.joining(", ", "components ", "")));
        }
        members.forEach(member -> lines.add("    " + member));
    }

    /** Its own members, and those that it has from types which users cannot name. */
    private void addMembers(
            ClassNode type, boolean isOwn, boolean canBeExtended, Set<String> members) {
        for (FieldNode field : type.fields) {
            if (isMember(field.access, canBeExtended)) {
                members.add(field(field));
            }
        }
        for (MethodNode method : type.methods) {
            if (isMember(method.access, canBeExtended)
                    && !method.name.equals("<clinit>")
                    && (isOwn || !method.name.equals("<init>"))) {
                members.add(method(type, method));
            }
        }
        Stream.concat(Stream.ofNullable(type.superName), type.interfaces.stream())
                .map(types::get)
                .filter(Objects::nonNull)
                .filter(above -> !isVisible(above))
                .forEach(above -> addMembers(above, false, canBeExtended, members));
    }

    private static boolean isMember(int access, boolean canBeExtended) {
        return !is(access, Opcodes.ACC_SYNTHETIC)
                && (is(access, Opcodes.ACC_PUBLIC)
                        || (canBeExtended && is(access, Opcodes.ACC_PROTECTED)));
    }

    private static String field(FieldNode field) {
        TraceSignatureVisitor generic = new TraceSignatureVisitor(0);
        new SignatureReader(field.signature == null ? field.desc : field.signature)
                .acceptType(generic);
        return visibility(field.access)
                + (is(field.access, Opcodes.ACC_STATIC) ? "static " : "")
                + (is(field.access, Opcodes.ACC_FINAL) ? "final " : "")
                + (is(field.access, Opcodes.ACC_ENUM) ? "enum " : "")
                + generic.getDeclaration()
                + " "
                + field.name
                + (field.value == null ? "" : " = " + constant(field.value))
                + annotations(field.visibleAnnotations)
                + typeAnnotations(field.visibleTypeAnnotations);
    }

    private static String constant(Object value) {
        return value instanceof String text
                ? "\""
                        + text.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"")
                        + "\""
                : value.toString();
    }

    private static String method(ClassNode type, MethodNode method) {
        TraceSignatureVisitor generic = new TraceSignatureVisitor(0);
        new SignatureReader(method.signature == null ? method.desc : method.signature)
                .accept(generic);
        String exceptions =
                generic.getExceptions() != null
                        ? generic.getExceptions()
                        : dotted(String.join(", ", method.exceptions));
        boolean isStatic = is(method.access, Opcodes.ACC_STATIC);
        boolean isAbstract = is(method.access, Opcodes.ACC_ABSTRACT);
        boolean isConstructor = method.name.equals("<init>");
        return visibility(method.access)
                + (isStatic ? "static " : "")
                + (is(method.access, Opcodes.ACC_FINAL) ? "final " : "")
                + (isAbstract ? "abstract " : "")
                + (is(type.access, Opcodes.ACC_INTERFACE) && !isAbstract && !isStatic
                        ? "default "
                        : "")
                + (isConstructor ? "new" : generic.getReturnType() + " " + method.name)
                + generic.getDeclaration()
                + (is(method.access, Opcodes.ACC_VARARGS) ? " varargs" : "")
                + (exceptions.isEmpty() ? "" : " throws " + exceptions)
                + annotations(method.visibleAnnotations)
                + typeAnnotations(method.visibleTypeAnnotations);
    }

    private static String plainSignature(ClassNode type) {
        StringBuilder signature = new StringBuilder();
        signature.append('L').append(type.superName).append(';');
        type.interfaces.forEach(name -> signature.append('L').append(name).append(';'));
        return signature.toString();
    }

    private static String kind(ClassNode type) {
        if (is(type.access, Opcodes.ACC_ANNOTATION)) {
            return "@interface ";
        }
        if (is(type.access, Opcodes.ACC_INTERFACE)) {
            return "interface ";
        }
        if (is(type.access, Opcodes.ACC_ENUM)) {
            return "enum ";
        }
        return type.recordComponents != null ? "record " : "class ";
    }

    private static String visibility(int access) {
        return is(access, Opcodes.ACC_PUBLIC) ? "public " : "protected ";
    }

    // ---- annotations ----

    private static String annotations(@Nullable List<AnnotationNode> annotations) {
        return orEmpty(annotations).stream()
                .filter(Surface::isTold)
                .map(annotation -> " @" + simpleName(annotation) + values(annotation))
                .sorted()
                .collect(Collectors.joining());
    }

    /** With the place: javac writes them in an order of its own. */
    private static String typeAnnotations(@Nullable List<TypeAnnotationNode> annotations) {
        return orEmpty(annotations).stream()
                .filter(Surface::isTold)
                .map(annotation -> " @" + simpleName(annotation) + " " + place(annotation))
                .distinct()
                .sorted()
                .collect(Collectors.joining());
    }

    private static boolean isTold(AnnotationNode annotation) {
        return annotation.desc.startsWith("Ljava/lang/")
                || annotation.desc.startsWith("Lorg/jspecify/");
    }

    private static String simpleName(AnnotationNode annotation) {
        return annotation.desc.substring(
                annotation.desc.lastIndexOf('/') + 1, annotation.desc.length() - 1);
    }

    private static String values(AnnotationNode annotation) {
        if (annotation.values == null) {
            return "";
        }
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < annotation.values.size(); i += 2) {
            pairs.add(annotation.values.get(i) + "=" + told(annotation.values.get(i + 1)));
        }
        return "(" + String.join(", ", pairs) + ")";
    }

    /** An enum constant is a pair of its type and its name. */
    private static String told(Object value) {
        if (value instanceof String[] constant) {
            return constant[1];
        }
        if (value instanceof Collection<?> several) {
            return several.stream().map(Surface::told).toList().toString();
        }
        return value.toString();
    }

    private static String place(TypeAnnotationNode annotation) {
        TypeReference reference = new TypeReference(annotation.typeRef);
        String place =
                switch (reference.getSort()) {
                    case TypeReference.METHOD_RETURN -> "result";
                    case TypeReference.METHOD_FORMAL_PARAMETER ->
                            "parameter " + reference.getFormalParameterIndex();
                    case TypeReference.FIELD -> "field";
                    case TypeReference.CLASS_TYPE_PARAMETER, TypeReference.METHOD_TYPE_PARAMETER ->
                            "type parameter " + reference.getTypeParameterIndex();
                    case TypeReference.CLASS_TYPE_PARAMETER_BOUND,
                            TypeReference.METHOD_TYPE_PARAMETER_BOUND ->
                            "bound "
                                    + reference.getTypeParameterBoundIndex()
                                    + " of type parameter "
                                    + reference.getTypeParameterIndex();
                    case TypeReference.CLASS_EXTENDS ->
                            "supertype " + reference.getSuperTypeIndex();
                    default -> "place " + Integer.toHexString(annotation.typeRef);
                };
        return "(" + place + (annotation.typePath == null ? "" : " " + annotation.typePath) + ")";
    }

    // ---- properties ----

    /** The configuration properties that a Spring Boot starter has for its users. */
    private static void writeProperties(Path classes, List<String> lines) throws IOException {
        Path metadata = classes.resolve("META-INF/spring-configuration-metadata.json");
        if (!Files.exists(metadata)) {
            return;
        }
        String json = Files.readString(metadata);
        SortedSet<String> properties = new TreeSet<>();
        Matcher property =
                PROPERTY.matcher(json.substring(Math.max(0, json.indexOf("\"properties\""))));
        while (property.find()) {
            properties.add("    " + property.group(1) + ": " + property.group(2));
        }
        lines.add("properties");
        lines.addAll(properties);
    }

    // ---- small things ----

    /** Whether the access has any of the flags. */
    private static boolean is(int access, int flags) {
        return (access & flags) != 0;
    }

    private static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    private static String dotted(String name) {
        return name.replace('/', '.');
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
