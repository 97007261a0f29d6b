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
    record OfBus(UUID bus, String name, List<LagBook.Lags> lags) {}

    /** Lags of all buses; together, so that many buses that lag leave room in the window. */
    record Lagging(List<OfBus> buses) implements News {
        @Override
        public String type() {
            return "lags";
        }

        @Override
        public String json() {
            Json json = new Json().begin('{').name("buses").begin('[');
            for (OfBus of : buses) {
                json.begin('{');
                json.name("bus").value(of.bus().toString());
                json.name("name").value(of.name());
                json.name("lags").begin('[');
                of.lags().forEach(each -> write(json, each));
                json.end(']').end('}');
            }
            return json.end(']').end('}').toString();
        }

        private static void write(Json json, LagBook.Lags lags) {
            json.begin('{');
            json.name("at").value(lags.at());
            json.name("receiver").value(lags.receiver());
            json.name("times").value(lags.times());
            json.name("from").value(lags.from());
            json.name("missed").value(lags.missed());
            json.end('}');
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
