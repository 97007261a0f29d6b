package dev.rustyonions.bus.console;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/** What open pages are told: the events of the console's own bus. */
sealed interface News {
    /** The type of the server-sent event. */
    String type();

    /** The text of it, in JSON. */
    String json();

    /** What a page that is behind needs only the newest of: unless it is told, of nothing. */
    default Object key() {
        return new Object();
    }

    /**
     * All buses at one moment.
     *
     * @param at in milliseconds of the epoch
     * @param interval time between two readings, in milliseconds
     * @param due whether it is one of those that follow one another by the interval
     */
    record Reading(
            long at, long interval, boolean due, List<BusReading> buses, @Nullable Panel panel)
            implements News {
        @Override
        public String type() {
            return "reading";
        }

        @Override
        public Object key() {
            return Reading.class;
        }

        @Override
        public String json() {
            Json json = new Json().begin('{');
            json.name("at").value(at);
            json.name("interval").value(interval);
            json.name("due").value(due);
            if (panel != null) {
                json.name("panel");
                panel.writeTo(json);
            }
            json.name("buses").begin('[');
            buses.forEach(bus -> bus.writeTo(json));
            json.end(']');
            return json.end('}').toString();
        }
    }

    /** Lags of one bus. */
    record Lagging(UUID bus, String name, List<LagBook.Lags> lags) implements News {
        @Override
        public String type() {
            return "lags";
        }

        @Override
        public String json() {
            Json json = new Json().begin('{');
            json.name("bus").value(bus.toString());
            json.name("name").value(name);
            json.name("lags").begin('[');
            for (LagBook.Lags each : lags) {
                json.begin('{');
                json.name("at").value(each.at());
                json.name("receiver").value(each.receiver());
                json.name("times").value(each.times());
                json.name("from").value(each.from());
                json.name("missed").value(each.missed());
                json.end('}');
            }
            json.end(']');
            return json.end('}').toString();
        }
    }

    /** Lines of the panel. */
    record Notes(long at, List<String> lines) implements News {
        @Override
        public String type() {
            return "notes";
        }

        @Override
        public String json() {
            Json json = new Json().begin('{');
            json.name("at").value(at);
            json.name("lines").begin('[');
            lines.forEach(json::value);
            json.end(']');
            return json.end('}').toString();
        }
    }
}
