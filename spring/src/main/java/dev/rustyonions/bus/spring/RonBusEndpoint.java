package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.Advice;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusStats;
import dev.rustyonions.bus.ReceiverStats;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The endpoint {@code ronbus}: what {@link Bus#stats()}, {@link Bus#receivers()} and {@link
 * Bus#advice()} say of each bus, and the end of a receiver where that has been allowed.
 *
 * <p>Nothing that it shows contains a payload. Names of receivers are shown. Reading takes time
 * proportional to the number of receivers. All methods may be called from any thread and none
 * blocks.
 */
@Endpoint(id = "ronbus", defaultAccess = Access.READ_ONLY)
public final class RonBusEndpoint {
    /** So many receivers of a bus are shown, those furthest behind. */
    static final int SHOWN = 100;

    private final Supplier<Map<String, Bus<?>>> buses;

    RonBusEndpoint(Supplier<Map<String, Bus<?>>> buses) {
        this.buses = buses;
    }

    /**
     * What there is to say of a bus.
     *
     * @param name the name of the bus in logs and metrics
     * @param mode its mode
     * @param totals its totals
     * @param advice which capacity would have held
     * @param receivers the receivers furthest behind, a hundred at most
     * @param receiversOmitted how many others there are
     */
    public record BusReport(
            String name,
            String mode,
            BusStats totals,
            Advice advice,
            List<ReceiverReport> receivers,
            int receiversOmitted) {}

    /**
     * The account of a receiver.
     *
     * @param id the number of its subscription, by which it can be evicted
     * @param name its name; null if it has none
     * @param delivered messages given to it
     * @param filtered messages that its filter refused
     * @param conflated messages left out because a later one had the same key
     * @param missed messages it missed
     * @param depth messages published and not yet received
     * @param lossless whether publishers that wait wait for it
     * @param waiting whether its thread waits for something to receive
     */
    public record ReceiverReport(
            long id,
            @Nullable String name,
            long delivered,
            long filtered,
            long conflated,
            long missed,
            int depth,
            boolean lossless,
            boolean waiting) {}

    /**
     * What an eviction did.
     *
     * @param bus the name of the bus's bean
     * @param receiver the number of the subscription
     * @param evicted true if it was ended; false if there is no such bus, or no receiver that lives
     *     has that number
     */
    public record Eviction(String bus, long receiver, boolean evicted) {}

    /**
     * Reports on all buses.
     *
     * @return the reports, by the names of the beans
     */
    @ReadOperation
    public Map<String, BusReport> buses() {
        Map<String, BusReport> reports = new TreeMap<>();
        buses.get().forEach((name, bus) -> reports.put(name, report(bus)));
        return reports;
    }

    /**
     * Reports on one bus.
     *
     * @param bus the name of its bean
     * @return the report; null if there is no such bus
     */
    @ReadOperation
    public @Nullable BusReport bus(@Selector String bus) {
        Bus<?> found = buses.get().get(bus);
        return found == null ? null : report(found);
    }

    /**
     * Ends a receiver, by {@link Bus#evict}: one that is stuck and holds publishers up, for
     * instance.
     *
     * @param bus the name of the bus's bean
     * @param receiver the number of the subscription
     * @return what it did
     */
    @DeleteOperation
    public Eviction evict(@Selector String bus, @Selector long receiver) {
        Bus<?> found = buses.get().get(bus);
        return new Eviction(bus, receiver, found != null && found.evict(receiver));
    }

    private static BusReport report(Bus<?> bus) {
        List<ReceiverStats> receivers = bus.receivers();
        List<ReceiverReport> shown =
                receivers.stream().limit(SHOWN).map(RonBusEndpoint::report).toList();
        return new BusReport(
                bus.config().name(),
                bus.mode().name().toLowerCase(Locale.ROOT),
                bus.stats(),
                bus.advice(),
                shown,
                receivers.size() - shown.size());
    }

    private static ReceiverReport report(ReceiverStats receiver) {
        return new ReceiverReport(
                receiver.id(),
                receiver.name().orElse(null),
                receiver.delivered(),
                receiver.filtered(),
                receiver.conflated(),
                receiver.missed(),
                receiver.depth(),
                receiver.lossless(),
                receiver.waiting());
    }
}
