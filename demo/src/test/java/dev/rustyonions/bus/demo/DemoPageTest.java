package dev.rustyonions.bus.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.browser.Browser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Keys;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page of the demo in a real browser, as a newcomer uses it. */
@Timeout(240)
class DemoPageTest {
    private static final Pattern ADDRESS = Pattern.compile("Look at (http://localhost:\\d+/)");

    /** The buttons, in their order. */
    private static final int STALL = 1;

    private static final int LOSSLESS = 2;
    private static final int WAITS = 3;
    private static final int ADD = 4;
    private static final int REMOVE = 5;

    /** The columns of the table. */
    private static final int NAME = 1;

    private static final int DEPTH = 2;
    private static final int MISSED = 4;

    private Browser browser;

    @Test
    void aNewcomerSeesLossCountedToTheMessageAndWhatKeepsItAway() throws Exception {
        try (Browser opened = Browser.start()) {
            browser = opened;
            Jvm demo =
                    Jvm.start(
                            Jvm.DEMO,
                            "dev.rustyonions.bus.demo/dev.rustyonions.bus.demo.Demo",
                            "--web",
                            "0");
            try {
                browser.open(URI.create(address(demo)));
                browser.awaitText("#state", "live");
                long missed = stallAndWake();
                addAndRemove();
                holdPublishersUpAndEvict();
                assertUsable();
                browser.leave();
                demo.interrupt();
                // What the page said of fast-1 is what the demo says at the end.
                Jvm.Outcome outcome = demo.outcome();
                assertThat(outcome.last()).endsWith("balanced=yes");
                assertThat(outcome.lines())
                        .anySatisfy(
                                line ->
                                        assertThat(line.split("\\s+"))
                                                .contains("fast-1", String.format("%,d", missed)));
            } finally {
                demo.kill();
            }
        }
    }

    private static String address(Jvm demo) {
        return await().atMost(Browser.PATIENCE)
                .until(() -> addressIn(demo), address -> !address.isEmpty());
    }

    private static String addressIn(Jvm demo) throws IOException {
        Matcher found = ADDRESS.matcher(String.join("\n", demo.lines()));
        return found.find() ? found.group(1) : "";
    }

    /** What fast-1 has missed in the end. */
    private long stallAndWake() {
        load(Keys.ARROW_RIGHT, "1,000 events/s");
        await().atMost(Browser.PATIENCE)
                .until(() -> number(browser.figure("Published a second")) > 500);
        press(STALL, "Stall fast-1", "Wake fast-1");
        long before = Math.max(0, cell("fast-1", MISSED));
        await().atMost(Browser.PATIENCE)
                .until(
                        () ->
                                cell("fast-1", DEPTH) == capacity()
                                        && cell("fast-1", MISSED) > before);
        browser.awaitText("#verdict h2", "demo is losing messages");
        load(Keys.HOME, "0 events/s");
        press(STALL, "Wake fast-1", "Stall fast-1");
        await().atMost(Browser.PATIENCE).until(() -> cell("fast-1", DEPTH) == 0);
        long missed = cell("fast-1", MISSED);
        browser.awaitText("#lags", "fast-1 missed");
        assertThat(missed).isPositive();
        return missed;
    }

    private void addAndRemove() {
        press(ADD, "Add a receiver", "Add a receiver");
        awaitReceiver("added-1", true);
        press(ADD, "Add a receiver", "Add a receiver");
        awaitReceiver("added-2", true);
        press(REMOVE, "Remove the newest receiver", "Remove the newest receiver");
        awaitReceiver("added-2", false);
        assertThat(names()).contains("added-1");
    }

    private void holdPublishersUpAndEvict() {
        press(LOSSLESS, "Make fast-1 lossless", "Let fast-1 lose again");
        await().atMost(Browser.PATIENCE)
                .untilAsserted(() -> assertThat(row("fast-1", NAME)).contains("lossless"));
        press(
                WAITS,
                "Publishers wait for lossless ones (submit)",
                "Publishers go on at once (publish)");
        press(STALL, "Stall fast-1", "Wake fast-1");
        load(Keys.END, "flat out");
        await().atMost(Browser.PATIENCE)
                .until(() -> number(browser.figure("Publishers waiting")) > 0);
        await().atMost(Browser.PATIENCE).until(() -> cell("fast-1", DEPTH) == capacity());
        // A receiver that publishers wait for loses nothing.
        assertThat(cell("fast-1", MISSED)).isZero();
        String button = "tbody tr[data-key='" + id("fast-1") + "'] button";
        browser.click(button);
        browser.awaitText("#confirm", "Evict fast-1?");
        browser.click("#confirm-yes");
        browser.awaitFigure("Publishers waiting", "0");
        browser.pointAt("h1");
        awaitReceiver("fast-1", false);
        // Its handler stands still all the same, and hears of the end when it is woken.
        press(STALL, "Wake fast-1", "Subscribe fast-1 again");
        load(Keys.HOME, "0 events/s");
    }

    private void assertUsable() {
        for (String colours : List.of("light", "dark")) {
            browser.assertUsable(colours);
        }
        assertThat(browser.errors()).isEmpty();
    }

    /** Moves the slider by a key, and waits until the demo has moved it. */
    private void load(Keys key, String wanted) {
        browser.script("document.querySelector('#control-0').focus()");
        browser.keys(key);
        browser.awaitText("#panel output", wanted);
    }

    private void press(int button, String label, String labelAfter) {
        browser.awaitText(button(button), label);
        browser.click(button(button));
        browser.awaitText(button(button), labelAfter);
    }

    private static String button(int number) {
        return "#panel .controls button:nth-of-type(" + number + ")";
    }

    private void awaitReceiver(String name, boolean there) {
        await().atMost(Browser.PATIENCE).until(() -> names().contains(name) == there);
    }

    private List<String> names() {
        return browser.receivers().stream().map(String::valueOf).toList();
    }

    private String row(String name, int column) {
        return String.valueOf(
                browser.script(
                        """
                        const row = [...document.querySelectorAll("tbody tr")]
                          .find(each => each.querySelector("b").textContent === arguments[0]);
                        return row ? row.children[arguments[1] - 1].textContent : "";
                        """,
                        name,
                        column));
    }

    private long cell(String name, int column) {
        return number(row(name, column));
    }

    private String id(String name) {
        Matcher id = Pattern.compile("id (\\d+)").matcher(row(name, NAME));
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    private long capacity() {
        return number(browser.text("#tags span:last-child").replace("capacity ", ""));
    }

    /** A number as the page writes it; -1 if there is none. */
    private static long number(String text) {
        return text.matches("[\\d,]+") ? Long.parseLong(text.replace(",", "")) : -1;
    }
}
