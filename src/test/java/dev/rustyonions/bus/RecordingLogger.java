package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

import java.text.MessageFormat;
import java.util.List;
import java.util.ResourceBundle;

/** A logger that writes down what it is told, as "LEVEL message", arguments put in. */
record RecordingLogger(List<String> logged) implements System.Logger {
    @Override
    public String getName() {
        return "recording";
    }

    @Override
    public boolean isLoggable(Level level) {
        return true;
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String message,
            @Nullable Throwable thrown) {
        logged.add(level + " " + message);
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... arguments) {
        logged.add(
                level
                        + " "
                        + (arguments == null || arguments.length == 0 || format == null
                                ? format
                                : MessageFormat.format(format, arguments)));
    }
}
