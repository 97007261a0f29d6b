package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** An application that lacks what is optional starts all the same. */
class OptionalDependenciesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "actuator|health|micrometer|web|tomcat|jackson", // the library and Boot alone
                "actuator|health|boot-micrometer|micrometer-core|micrometer-jakarta",
                "boot-micrometer|micrometer-core|micrometer-jakarta",
                "health",
                "tomcat|web-server"
            })
    void theBusIsThereWithoutJarsOfTheseNames(String left) throws Exception {
        URL[] jars =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(
                                path ->
                                        !Path.of(path)
                                                .getFileName()
                                                .toString()
                                                .matches(".*(" + left + ").*\\.jar"))
                        .map(OptionalDependenciesTest::url)
                        .toArray(URL[]::new);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Class<?> application = loader.loadClass(Application.class.getName());
            Object outcome =
                    ((Callable<?>) application.getDeclaredConstructor().newInstance()).call();
            assertThat(outcome).isEqualTo("Bus[bus, CLASSIC, capacity=256]");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(path, e);
        }
    }

    /** Starts itself and says which bus there is. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    public static class Application implements Callable<String> {
        @Override
        public String call() {
            try (ConfigurableApplicationContext context =
                    SpringApplication.run(
                            Application.class, "--spring.main.web-application-type=none")) {
                return context.getBean(Bus.class).toString();
            }
        }
    }
}
