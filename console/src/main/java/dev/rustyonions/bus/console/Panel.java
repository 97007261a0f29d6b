package dev.rustyonions.bus.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Controls of the application's own, which the console shows above the buses: buttons, sliders and
 * lines of text. What they do and say is the application's.
 *
 * <p>Actions are run one at a time by a thread of the console's server, in requests that have to
 * have the token. They should not take long. What one throws is logged by its class. What gives a
 * label, a position or a text is called for the readings that pages are sent, also while an action
 * runs, and must not throw: the pages are sent no reading then, and are told that they missed it.
 *
 * <p>Thread safety: all methods may be called from any thread.
 */
public final class Panel {
    /** Lines that no page has been told of, at most. */
    private static final int MOST_NOTES = 100;

    /** The longest line, in UTF-16 units. */
    private static final int LONGEST_NOTE = 500;

    private record Button(Supplier<String> label, Runnable action) implements Control {
        @Override
        public void writeTo(Json json) {
            json.name("kind").value("button").name("label").value(label.get());
        }

        @Override
        public boolean accepts(int value) {
            return value == 0;
        }

        @Override
        public void set(int value) {
            action.run();
        }
    }

    private record Slider(
            String label,
            int most,
            IntSupplier position,
            IntConsumer moved,
            IntFunction<String> text)
            implements Control {
        @Override
        public void writeTo(Json json) {
            int at = position.getAsInt();
            json.name("kind").value("slider").name("label").value(label);
            json.name("most").value(most).name("at").value(at);
            json.name("texts").begin('[');
            for (int i = 0; i <= most; i++) {
                json.value(text.apply(i));
            }
            json.end(']');
        }

        @Override
        public boolean accepts(int value) {
            return 0 <= value && value <= most;
        }

        @Override
        public void set(int value) {
            moved.accept(value);
        }
    }

    private sealed interface Control permits Button, Slider {
        void writeTo(Json json);

        boolean accepts(int value);

        void set(int value);
    }

    private final String title;
    private final String text;
    private final List<Control> controls = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder left = new LongAdder();
    private volatile Runnable noted = () -> {};

    /**
     * Makes a panel without controls.
     *
     * @param title its heading
     * @param text what stands below the heading; may be empty
     * @throws NullPointerException if an argument is null
     */
    public Panel(String title, String text) {
        this.title = Objects.requireNonNull(title, "title");
        this.text = Objects.requireNonNull(text, "text");
    }

    /**
     * Adds a button.
     *
     * @param label what it says; asked for each reading, so that it may change
     * @param action what it does
     * @return this panel
     * @throws NullPointerException if an argument is null
     */
    public Panel button(Supplier<String> label, Runnable action) {
        controls.add(
                new Button(
                        Objects.requireNonNull(label, "label"),
                        Objects.requireNonNull(action, "action")));
        return this;
    }

    /**
     * Adds a slider.
     *
     * @param label what it is for
     * @param most the last of its positions, which begin with 0; 1 to 1000
     * @param position where it is; asked for each reading
     * @param moved told where it has been moved to
     * @param text what a position means, in words
     * @return this panel
     * @throws IllegalArgumentException if {@code most} is out of range
     * @throws NullPointerException if an argument is null
     */
    public Panel slider(
            String label,
            int most,
            IntSupplier position,
            IntConsumer moved,
            IntFunction<String> text) {
        if (most < 1 || most > 1_000) {
            throw new IllegalArgumentException(
                    "slider(" + label + ", " + most + "): allowed are 1 to 1000");
        }
        controls.add(
                new Slider(
                        Objects.requireNonNull(label, "label"),
                        most,
                        Objects.requireNonNull(position, "position"),
                        Objects.requireNonNull(moved, "moved"),
                        Objects.requireNonNull(text, "text")));
        return this;
    }

    /**
     * Shows a line on all open pages, the newest first. Of lines that come faster than pages are
     * told, at most 100 are kept, and the others counted. Returns at once.
     *
     * @param line the text; what is longer than 500 characters is cut off
     * @throws NullPointerException if {@code line} is null
     */
    public void note(String line) {
        String text = line.length() > LONGEST_NOTE ? line.substring(0, LONGEST_NOTE) : line;
        if (waiting.incrementAndGet() > MOST_NOTES) {
            waiting.decrementAndGet();
            left.increment();
        } else {
            notes.add(text);
        }
        noted.run();
    }

    void onNote(Runnable action) {
        noted = action;
    }

    /** The lines since the last call. */
    List<String> takeNotes() {
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < MOST_NOTES; i++) {
            String next = notes.poll();
            if (next == null) {
                break;
            }
            waiting.decrementAndGet();
            taken.add(next);
        }
        long beyond = left.sumThenReset();
        if (beyond > 0) {
            taken.add("(" + beyond + " more)");
        }
        return taken;
    }

    /** Uses a control; false if there is none of that number, or it has no such position. */
    synchronized boolean use(int control, int value) {
        if (control < 0 || control >= controls.size() || !controls.get(control).accepts(value)) {
            return false;
        }
        controls.get(control).set(value);
        return true;
    }

    void writeTo(Json json) {
        json.begin('{');
        json.name("title").value(title);
        json.name("text").value(text);
        json.name("controls").begin('[');
        for (Control control : controls) {
            json.begin('{');
            control.writeTo(json);
            json.end('}');
        }
        json.end(']');
        json.end('}');
    }
}
