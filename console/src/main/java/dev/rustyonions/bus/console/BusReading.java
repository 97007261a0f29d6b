package dev.rustyonions.bus.console;

import dev.rustyonions.bus.Advice;
import dev.rustyonions.bus.BusStats;
import dev.rustyonions.bus.ReceiverStats;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/**
 * What one bus looked like at one moment, without any payload.
 *
 * @param id the bus
 * @param name its name
 * @param mode its mode
 * @param stats its totals
 * @param rates what the totals have grown by
 * @param delays how far and how long receivers were behind
 * @param loss the last loss; null if there was none
 * @param advice its advice
 * @param warnings known bad patterns, the worst first
 * @param worst the receivers furthest behind, at most {@link Watched#MOST_RECEIVERS}
 * @param rest the other receivers
 */
record BusReading(
        UUID id,
        String name,
        String mode,
        BusStats stats,
        Rates rates,
        Delays delays,
        @Nullable Loss loss,
        Advice advice,
        List<Warning> warnings,
        List<Row> worst,
        Rest rest) {

    /** What the totals of a bus grow by in a second. */
    record Rates(double published, double lost, double wakeups) {
        static final Rates NONE = new Rates(0, 0, 0);
    }

    /**
     * How far and how long receivers were behind since the reading before.
     *
     * @param lag messages missed by the largest lag; 0 if there was none
     * @param median time from publish to receive of the sampled messages, in microseconds; -1 if
     *     none was taken
     * @param high the 99th percentile of it, likewise
     */
    record Delays(long lag, double median, double high) {}

    /**
     * A time in which messages were lost, without a pause of more than some seconds or intervals.
     *
     * @param going whether it still goes on
     * @param since when it began, in milliseconds of the epoch
     * @param until when the last loss of it was seen, likewise
     * @param age the time since it began, in milliseconds, whatever the clock was set to
     * @param messages how many were lost
     * @param receiver the number of the receiver that lost most; -1 if it has ended
     * @param who that receiver, in words
     * @param others how many others lose at the moment
     * @param why why it loses
     * @param todo what helps
     */
    record Loss(
            boolean going,
            long since,
            long until,
            long age,
            long messages,
            long receiver,
            String who,
            int others,
            String why,
            String todo) {}

    /** One receiver, and what it takes and loses in a second. */
    record Row(ReceiverStats stats, double taken, double lost) {}

    /** The receivers that are not among the worst, summed up. */
    record Rest(int count, long delivered, long missed, int depth) {
        static final Rest NONE = new Rest(0, 0, 0, 0);

        Rest and(ReceiverStats receiver) {
            return new Rest(
                    count + 1,
                    delivered + receiver.delivered(),
                    missed + receiver.missed(),
                    Math.max(depth, receiver.depth()));
        }
    }

    void writeTo(Json json) {
        json.begin('{');
        json.name("id").value(id.toString());
        json.name("name").value(name);
        json.name("mode").value(mode);
        json.name("capacity").value(stats.capacity());
        json.name("closed").value(stats.closed());
        json.name("published").value(stats.published());
        json.name("missed").value(stats.missed());
        json.name("conflated").value(stats.conflated());
        json.name("receivers").value(stats.receivers());
        json.name("depth").value(stats.depth());
        json.name("waits").value(stats.publisherWaits());
        json.name("waiting").value(stats.publishersWaiting());
        json.name("rate").value(rates.published());
        json.name("lost").value(rates.lost());
        json.name("wakeups").value(rates.wakeups());
        json.name("lag").value(delays.lag());
        json.name("median").value(delays.median());
        json.name("high").value(delays.high());
        if (loss != null) {
            json.name("loss");
            writeLoss(json, loss);
        }
        json.name("advice").begin('{');
        json.name("capacity").value(advice.capacity());
        json.name("text").value(advice.text());
        json.end('}');
        json.name("warnings").begin('[');
        warnings.forEach(warning -> write(json, warning));
        json.end(']');
        json.name("worst").begin('[');
        worst.forEach(row -> write(json, row));
        json.end(']');
        json.name("rest").begin('{');
        json.name("count").value(rest.count());
        json.name("delivered").value(rest.delivered());
        json.name("missed").value(rest.missed());
        json.name("depth").value(rest.depth());
        json.end('}');
        json.end('}');
    }

    private static void writeLoss(Json json, Loss loss) {
        json.begin('{');
        json.name("going").value(loss.going());
        json.name("since").value(loss.since());
        json.name("until").value(loss.until());
        json.name("age").value(loss.age());
        json.name("messages").value(loss.messages());
        json.name("receiver").value(loss.receiver());
        json.name("who").value(loss.who());
        json.name("others").value(loss.others());
        json.name("why").value(loss.why());
        json.name("todo").value(loss.todo());
        json.end('}');
    }

    private static void write(Json json, Warning warning) {
        json.begin('{');
        json.name("kind").value(warning.kind().name());
        json.name("title").value(warning.kind().title);
        json.name("since").value(warning.since());
        json.name("subject").value(warning.subject());
        json.name("text").value(warning.text());
        json.name("todo").value(warning.kind().todo);
        json.name("entry").value(warning.kind().entry);
        json.end('}');
    }

    private static void write(Json json, Row row) {
        ReceiverStats stats = row.stats();
        json.begin('{');
        json.name("id").value(stats.id());
        json.name("name").value(stats.name().orElse(""));
        json.name("delivered").value(stats.delivered());
        json.name("filtered").value(stats.filtered());
        json.name("conflated").value(stats.conflated());
        json.name("missed").value(stats.missed());
        json.name("depth").value(stats.depth());
        json.name("lossless").value(stats.lossless());
        json.name("parked").value(stats.waiting());
        json.name("taken").value(row.taken());
        json.name("lost").value(row.lost());
        json.end('}');
    }
}
