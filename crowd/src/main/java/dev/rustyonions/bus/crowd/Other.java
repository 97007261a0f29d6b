package dev.rustyonions.bus.crowd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with the classes of this one, to which one says and from which one hears lines. */
final class Other implements AutoCloseable {
    private final Process process;
    private final BufferedReader from;
    private final Writer to;

    Other(Class<?> main, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        from = process.inputReader(US_ASCII);
        to = process.outputWriter(US_ASCII);
    }

    void say(String line) {
        try {
            to.write(line + "\n");
            to.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String hear() {
        try {
            String line = from.readLine();
            if (line == null) {
                throw new IllegalStateException("process " + process.pid() + " has ended early");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it, as a crash would; its connections are closed by the kernel. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
