package dev.rustyonions.bus.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Each change that a user's code may not survive changes the text, and no other does. */
class SurfaceTest {
    private static final Pattern TYPE =
            Pattern.compile("package ([a-z.]+);|(?:class|interface|record|enum) (\\w+)");

    private static final List<String> SOURCES =
            List.of(
                    """
                    module planted {
                        requires transitive java.logging;
                        exports planted;
                        exports planted.more;
                        uses java.util.function.Supplier;
                    }
                    """,
                    """
                    package planted;
                    public sealed class Shape<T extends Comparable<T>> extends Hidden
                            permits Round {
                        public static final int SIZE = 4;
                        protected java.util.List<? extends T> held;
                        public Shape(T first) {}
                        public String name() { return ""; }
                        public int sum(int... numbers) throws java.io.IOException { return 0; }
                        protected final void end() {}
                        void inside() {}
                        private int own;
                    }
                    """,
                    """
                    package planted;
                    public non-sealed class Round extends Shape<String> {
                        public Round() { super(""); }
                    }
                    """,
                    """
                    package planted;
                    abstract class Hidden {
                        public void inherited() {}
                    }
                    """,
                    """
                    package planted;
                    @FunctionalInterface
                    public interface Task {
                        void run();
                        default void twice() {}
                    }
                    """,
                    """
                    package planted;
                    public record Pair(int left, int right) {}
                    """,
                    """
                    package planted.more;
                    public enum Kind { ONE, TWO }
                    """,
                    """
                    package planted.inner;
                    public class Inner {
                        public void work() {}
                    }
                    """);

    @TempDir Path folder;

    @Test
    void theTextIsTheModuleThenTheTypesWithTheirMembersInOrder() throws IOException {
        assertThat(text(SOURCES))
                .isEqualTo(
                        """
                        # Public and protected surface of planted.
                        module planted
                            exports planted
                            exports planted.more
                            requires java.base
                            requires transitive java.logging
                            uses java.util.function.Supplier
                        public final record planted.Pair extends java.lang.Record
                            components left, right
                            public final boolean equals(java.lang.Object)
                            public final int hashCode()
                            public final java.lang.String toString()
                            public int left()
                            public int right()
                            public new(int, int)
                        public class planted.Round extends planted.Shape<java.lang.String>
                            public new()
                        public sealed class planted.Shape<T extends java.lang.Comparable<T>> \
                        extends planted.Hidden
                            permits planted.Round
                            protected final void end()
                            protected java.util.List<? extends T> held
                            public int sum(int[]) varargs throws java.io.IOException
                            public java.lang.String name()
                            public new(T)
                            public static final int SIZE = 4
                            public void inherited()
                        public interface planted.Task @FunctionalInterface
                            public abstract void run()
                            public default void twice()
                        public final enum planted.more.Kind \
                        extends java.lang.Enum<planted.more.Kind>
                            public static final enum planted.more.Kind ONE
                            public static final enum planted.more.Kind TWO
                            public static planted.more.Kind valueOf(java.lang.String)
                            public static planted.more.Kind[] values()
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exports planted.more;         | ''",
                "exports planted;              | exports planted to java.logging;",
                "requires transitive           | requires",
                "uses java.util.function.Supplier; | ''",
                "public String name() { return \"\"; } | ''",
                "public String name()          | String name()",
                "public String name()          | public final String name()",
                "public String name()          | public CharSequence name()",
                "throws java.io.IOException    | throws Exception",
                "(int... numbers)              | (int[] numbers)",
                "SIZE = 4                      | SIZE = 5",
                "protected java.util.List<? extends T> | protected java.util.List<T>",
                "public void inherited() {}    | ''",
                "public Shape(T first) {}      | protected Shape(T first) {}",
                "T extends Comparable<T>       | T",
                "default void twice() {}       | static void twice() {}",
                "int left, int right           | int right, int left",
                "ONE, TWO                      | ONE",
                "protected final void end()    | private void end()",
                "public void inherited()       | @Deprecated public void inherited()",
            })
    void aChangeThatUsersMayNotSurviveChangesTheText(String was, String is) throws IOException {
        List<String> changed = SOURCES.stream().map(source -> source.replace(was, is)).toList();
        assertThat(changed).isNotEqualTo(SOURCES);
        assertThat(text(changed)).isNotEqualTo(text(SOURCES));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "void inside() {}       | ''",
                "private int own;       | private long own;",
                "public void work() {}  | ''",
                "return 0;              | return 1;",
            })
    void aChangeThatNoUserCanSeeDoesNotChangeTheText(String was, String is) throws IOException {
        List<String> changed = SOURCES.stream().map(source -> source.replace(was, is)).toList();
        assertThat(changed).isNotEqualTo(SOURCES);
        assertThat(text(changed)).isEqualTo(text(SOURCES));
    }

    @Test
    void aResultThatMayBeNullFromNowOnChangesTheText() throws IOException {
        String nullable = "public @org.jspecify.annotations.Nullable String name()";
        List<String> changed =
                SOURCES.stream()
                        .map(
                                source ->
                                        source.replace(
                                                        "module planted {",
                                                        "module planted { requires org.jspecify;")
                                                .replace("public String name()", nullable))
                        .toList();
        assertThat(text(changed)).contains("public java.lang.String name() @Nullable (result)");
    }

    /** The text for sources, which are compiled first. */
    private String text(List<String> sources) throws IOException {
        Path run = Files.createTempDirectory(folder, "run");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-proc:none",
                                "-nowarn",
                                "--release",
                                "21",
                                "-d",
                                run.resolve("classes").toString(),
                                "-p",
                                jspecify()));
        for (String source : sources) {
            Path file = run.resolve(name(source));
            Files.createDirectories(file.getParent());
            Files.writeString(file, source);
            arguments.add(file.toString());
        }
        assertThat(
                        ToolProvider.findFirst("javac")
                                .orElseThrow()
                                .run(System.out, System.err, arguments.toArray(String[]::new)))
                .isZero();
        return Surface.of("planted", run.resolve("classes"));
    }

    private static String jspecify() {
        return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(jar -> jar.matches(".*/jspecify-[^/]*\\.jar"))
                .findFirst()
                .orElseThrow();
    }

    private static String name(String source) {
        if (source.startsWith("module")) {
            return "module-info.java";
        }
        Matcher type = TYPE.matcher(source);
        String packageName = "";
        while (type.find()) {
            if (type.group(1) == null) {
                return packageName + type.group(2) + ".java";
            }
            packageName = type.group(1).replace('.', '/') + "/";
        }
        throw new IllegalArgumentException(source);
    }
}
