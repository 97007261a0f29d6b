package dev.rustyonions.bus.bench.peer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;

import java.util.List;

/** Makes peers by name. */
public final class Peers {
    /** The bus in its default mode. */
    public static final String RON = "ron-bus";

    /** The bus in batched mode: bursts go through {@code publishMany}. */
    public static final String BATCHED = "ron-bus batched";

    /** The bus in edge mode. */
    public static final String EDGE = "ron-bus edge";

    /** The bus with lossless receivers and publishers that wait for them. */
    public static final String SUBMIT = "ron-bus submit";

    /** LMAX Disruptor, multi-producer. */
    public static final String DISRUPTOR = "LMAX Disruptor";

    /** The bare park and unpark that keeps every event. */
    public static final String HAND_OVER = "bare hand-over";

    private static final String AGRONA = "Agrona broadcast";

    /** The libraries compared with. */
    public static final List<String> OTHERS =
            List.of(
                    DISRUPTOR,
                    "SubmissionPublisher",
                    AGRONA,
                    "ArrayBlockingQueue each",
                    "JCTools queue each",
                    "Kotlin SharedFlow",
                    "Reactor Sinks");

    private Peers() {}

    /** Whether the system takes events of several producers at once. */
    public static boolean takesManyProducers(String name) {
        return !name.equals(AGRONA) && !name.equals(HAND_OVER);
    }

    /** Whether receivers of the system can be made to spin instead of park. */
    public static boolean canSpin(String name) {
        return List.of(RON, SUBMIT, DISRUPTOR, AGRONA, "JCTools queue each").contains(name);
    }

    /** A bus made otherwise than by name; its receivers park. */
    public static Peer of(Bus<Tick> bus) {
        return new RonBus(bus, false, false);
    }

    /** Makes a peer; {@code spin} has receivers poll instead of park. */
    public static Peer make(String name, int capacity, boolean spin) {
        return switch (name) {
            case RON -> new RonBus(Mode.CLASSIC, capacity, spin);
            case BATCHED -> new RonBus(Mode.BATCHED, capacity, spin);
            case EDGE -> new RonBus(Mode.EDGE, capacity, spin);
            case SUBMIT -> RonBus.lossless(Mode.CLASSIC, capacity, spin);
            case DISRUPTOR -> new LmaxDisruptor(capacity, spin);
            case "SubmissionPublisher" -> new Submission(capacity);
            case AGRONA -> new AgronaBroadcast(capacity, spin);
            case "ArrayBlockingQueue each" -> new BlockingQueues(capacity);
            case "JCTools queue each" -> new JctoolsQueues(capacity, spin);
            case "Kotlin SharedFlow" -> new KotlinFlow(capacity);
            case "Reactor Sinks" -> new ReactorSink(capacity);
            case HAND_OVER -> new HandOver();
            default -> throw new IllegalArgumentException("no peer named \"" + name + "\"");
        };
    }
}
