package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.spring.BusFactory.RefusedSourceException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which of the library's own system properties and variables it has refused. */
final class SourceFailureAnalyzer extends AbstractFailureAnalyzer<RefusedSourceException> {
    SourceFailureAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable root, RefusedSourceException refused) {
        return new FailureAnalysis(
                String.valueOf(refused.getMessage()),
                "Correct or remove that system property or environment variable, or set the"
                        + " property of "
                        + BusFactory.PREFIX
                        + " instead, which wins.",
                refused);
    }
}
