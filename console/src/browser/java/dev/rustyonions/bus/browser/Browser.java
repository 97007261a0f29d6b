package dev.rustyonions.bus.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;

/**
 * A Chromium with one page, of the console or of what shows it. Where none is installed its tests
 * are skipped, but fail with {@code -Dron.tests=full}.
 */
public final class Browser implements AutoCloseable {
    /** Longer than a page needs on a machine that is busy. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path profile;
    private final ChromeDriver driver;

    private Browser(Path chromium, Path chromedriver) {
        try {
            profile = Files.createTempDirectory("ron-bus-browser");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        driver =
                new ChromeDriver(
                        new ChromeDriverService.Builder()
                                .usingDriverExecutable(chromedriver.toFile())
                                .usingAnyFreePort()
                                .build(),
                        options);
        size(1280, 900);
    }

    /** Starts one; without it the test is skipped, or fails in full. */
    public static Browser start() {
        Optional<Path> chromium = command("chromium");
        Optional<Path> chromedriver = command("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            String missing = "no chromium or no chromedriver on the path";
            if (System.getProperty("ron.tests", "quick").equals("full")) {
                fail(missing + ": scripts/install_browser.sh installs them");
            }
            Assumptions.abort(missing);
        }
        return new Browser(chromium.orElseThrow(), chromedriver.orElseThrow());
    }

    private static Optional<Path> command(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public void open(URI page) {
        driver.get(page.toString());
    }

    public void leave() {
        driver.get("about:blank");
        var unused = errors();
    }

    public void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Sets what the page takes for the colours of the system: light or dark. */
    public void colours(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    public WebElement element(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    public List<WebElement> elements(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    public String text(String selector) {
        return String.valueOf(
                script(
                        "const e = document.querySelector(arguments[0]); return e ? e.innerText :"
                                + " ''",
                        selector));
    }

    /** What stands in the list of figures under that name. */
    public String figure(String name) {
        return text(".figures div[data-key='" + name + "'] dd");
    }

    /** The names of the receivers in the table, from the top. */
    public List<?> receivers() {
        return (List<?>)
                script(
                        "return [...document.querySelectorAll('tbody tr')].map(row =>"
                                + " row.querySelector('b').textContent)");
    }

    /** Waits until a text of the page is that. */
    public void awaitText(String selector, String wanted) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(text(selector)).contains(wanted));
    }

    public void awaitFigure(String name, String wanted) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(figure(name)).isEqualTo(wanted));
    }

    public void click(String selector) {
        await().atMost(PATIENCE)
                .ignoreException(StaleElementReferenceException.class)
                .until(
                        () -> {
                            element(selector).click();
                            return true;
                        });
    }

    /** Lets the pointer rest on an element. */
    public void pointAt(String selector) {
        new Actions(driver).moveToElement(element(selector)).perform();
    }

    public void keys(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Presses the key for the next element until that one has the focus. */
    public void tabTo(String selector) {
        for (int i = 0; i < 300; i++) {
            if (Boolean.TRUE.equals(
                    script("return document.activeElement.matches(arguments[0])", selector))) {
                return;
            }
            keys(Keys.TAB);
        }
        fail("no key leads to " + selector);
    }

    public Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /**
     * Fails where the page has something that axe finds serious, or is wider than the window: on a
     * desk and on a phone. The window is as wide as a phone after it.
     *
     * @param scheme light or dark
     */
    public void assertUsable(String scheme) {
        colours(scheme);
        for (int width : new int[] {1280, 390}) {
            size(width, 900);
            assertThat(offences()).as(scheme + " " + width).isEmpty();
            assertThat((long) script("return document.documentElement.scrollWidth"))
                    .as("no overflow at " + width)
                    .isLessThanOrEqualTo(width);
        }
    }

    /** What axe-core finds that is serious or worse, a line each. */
    public List<?> offences() {
        // Of the class path: this class is patched into the module.
        try (InputStream axe = ClassLoader.getSystemResourceAsStream("axe.min.js")) {
            script(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (List<?>)
                driver.executeAsyncScript(
                        """
                        const done = arguments[0];
                        axe.run().then(found => done(found.violations
                          .filter(v => v.impact === "serious" || v.impact === "critical")
                          .map(v => v.id + ": "
                            + v.nodes.map(n => n.target + " " + n.failureSummary).join("; "))));
                        """);
    }

    /** The errors of the page's console since the last call. */
    public List<String> errors() {
        return driver.manage().logs().get("browser").getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** A picture of all of the page. */
    public byte[] picture() {
        Map<String, Object> picture =
                driver.executeCdpCommand(
                        "Page.captureScreenshot",
                        Map.of("captureBeyondViewport", true, "format", "png"));
        return Base64.getDecoder().decode((String) picture.get("data"));
    }

    /**
     * What the page holds after a collection of its garbage: what the browser counts, and {@code
     * elements}, those of the document.
     */
    public Map<String, Double> memory() {
        driver.executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
        driver.executeCdpCommand("Performance.enable", Map.of());
        Map<String, Double> held = new HashMap<>();
        Map<String, Object> counted = driver.executeCdpCommand("Performance.getMetrics", Map.of());
        for (Object each : (List<?>) counted.get("metrics")) {
            Map<?, ?> metric = (Map<?, ?>) each;
            held.put((String) metric.get("name"), ((Number) metric.get("value")).doubleValue());
        }
        Number elements = (Number) script("return document.querySelectorAll('*').length");
        held.put("elements", elements.doubleValue());
        return held;
    }

    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> left = Files.walk(profile)) {
            left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
