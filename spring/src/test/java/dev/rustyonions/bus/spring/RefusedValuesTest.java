package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.stream.Stream;

/** A wrong value fails the start with a message that names property, value and what is allowed. */
class RefusedValuesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "capacity|0|a whole number from 1 up",
                "capacity|abc|a whole number from 1 up",
                "capacity|99999999999|a whole number from 1 up",
                "autotune|0|a whole number from 1 up",
                "fanout-hint|-1|a whole number from 1 up",
                "burst|x|a whole number from 1 up",
                "epoch-yield|maybe|true or false",
                "flush-threshold|65537|a whole number from 1 to 65536",
                "mode|fast|one of classic, batched, edge",
                "linger|-1us|a duration from zero up",
                "linger|soon|a duration from zero up",
                "overflow-warn-per-minute|-1|a whole number from 0 up",
                "metrics-namespace|9|a letter followed by letters, digits",
                "amnesia-label|perhaps|true or false",
                "amnesia|2|true or false",
                "pq-label|a b|1 to 64 letters, digits"
            })
    void aWrongValueIsNamedWithItsPropertyAndWhatIsAllowed(
            String setting, String value, String allowed) {
        String shown = value.equals("-1us") ? "PT-0.000001S" : value;
        assertThat(failure("ron.bus." + setting + "=" + value))
                .contains("ron.bus." + setting, shown, allowed);
        assertThat(failure("ron.bus.buses.orders." + setting + "=" + value))
                .contains("ron.bus.buses.orders." + setting, shown, allowed);
    }

    @Test
    void aSharedValueThatANamedBusRefusesIsNamedWhereItStands() {
        assertThat(failure("ron.bus.capacity=0", "ron.bus.buses.orders.mode=edge"))
                .contains("ron.bus.capacity", "0", "a whole number from 1 up");
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        assertThat(failure("ron.bus.name=a\tb")).contains("ron.bus.name", "not blank");
    }

    @Test
    void capacityAndAutotuneTogetherAreRefused() {
        assertThat(failure("ron.bus.capacity=8", "ron.bus.autotune=3"))
                .contains("ron.bus.capacity", "capacity(8) and autotune(3)", "only one of the two");
    }

    @Test
    void aNameForTheOneBusBesideNamedOnesIsRefused() {
        assertThat(failure("ron.bus.name=one", "ron.bus.buses.orders.capacity=8"))
                .contains("ron.bus.name", "one", "ron.bus.buses", "orders");
    }

    @Test
    void aNamedBusThatHasTheNameOfAnotherBeanIsRefused() {
        assertThat(failure("ron.bus.buses.other.capacity=8"))
                .contains("ron.bus.buses", "other", "no Bus");
    }

    @Test
    void aTimeThatIsNoneIsRefused() {
        assertThat(failure("ron.bus.health.stuck-after=0s"))
                .contains("ron.bus.health.stuck-after", "more than zero");
        assertThat(failure("ron.bus.shutdown.drain-timeout=-1s"))
                .contains("ron.bus.shutdown.drain-timeout", "from zero up");
        assertThat(failure("ron.bus.metrics.sample-every=0"))
                .contains("ron.bus.metrics.sample-every", "from 1 up");
        assertThat(failure("ron.bus.metrics.max-receiver-names=-1"))
                .contains("ron.bus.metrics.max-receiver-names", "from 0 up");
    }

    @Test
    void whatTheLibrarysOwnSourceSaysWronglyIsNamedAsItsOwn() {
        System.setProperty("ron.mode", "fast");
        try {
            assertThat(failure())
                    .contains("ron.mode: \"fast\" is not one of classic, batched, edge");
        } finally {
            System.clearProperty("ron.mode");
        }
    }

    /** What an application says that does not start. */
    private static String failure(String... properties) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        String[] arguments = Stream.of(properties).map(each -> "--" + each).toArray(String[]::new);
        Reporter.LAST.remove();
        assertThatThrownBy(() -> application.run(arguments).close());
        FailureAnalysis analysis = Reporter.LAST.get();
        assertThat(analysis)
                .as("the start failed by an exception that is not explained")
                .isNotNull();
        return analysis.getDescription() + "\n" + analysis.getAction();
    }

    /** Takes what would be printed; META-INF/spring.factories names it. */
    static final class Reporter implements FailureAnalysisReporter {
        private static final ThreadLocal<FailureAnalysis> LAST = new ThreadLocal<>();

        @Override
        public void report(FailureAnalysis analysis) {
            LAST.set(analysis);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        String other() {
            return "no bus";
        }
    }
}
