package dev.rustyonions.bus.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Says what is allowed where a text under {@code ron.bus} is not even of the right kind. Boot's own
 * analysis, which would come next, names property, value and origin only.
 */
@Order(0)
final class SettingFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {
    private static final ConfigurationPropertyName PREFIX =
            ConfigurationPropertyName.of(BusFactory.PREFIX);

    SettingFailureAnalyzer() {}

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, BindException refused) {
        ConfigurationPropertyName name = refused.getName();
        ConfigurationProperty property = refused.getProperty();
        if (property == null || !PREFIX.isAncestorOf(name)) {
            return null;
        }
        String allowed = BusFactory.allowed(name.getLastElement(Form.DASHED));
        if (allowed == null) {
            return null;
        }
        return new FailureAnalysis(
                name
                        + ": \""
                        + property.getValue()
                        + "\" is not "
                        + allowed
                        + (property.getOrigin() == null ? "" : "; from " + property.getOrigin()),
                "Set "
                        + name
                        + " to "
                        + allowed
                        + ", or leave it out: then the library's system property, its environment"
                        + " variable or the default decides.",
                refused);
    }
}
