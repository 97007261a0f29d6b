package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Receive messages that are there: what one costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Drain {
    /** Messages there at each invocation; so many that the clock around it weighs nothing. */
    public static final int MESSAGES = 512;

    static final int CAPACITY = 1024;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Object event = new Object();
    private final Bus<Object> bus = Bus.create(CAPACITY);
    private final List<Receiver<Object>> lossless = new ArrayList<>();
    private final Receiver<Object> rx;

    /** Receives with a receiver that may lose, on a bus of such. */
    public Drain() {
        this(false, 0);
    }

    /**
     * Receives in another company.
     *
     * @param isLossless whether the receiver is lossless
     * @param others lossless receivers beside it
     */
    public Drain(boolean isLossless, int others) {
        rx = isLossless ? bus.subscribe(SubscribeOptions::lossless) : bus.subscribe();
        for (int i = 0; i < others; i++) {
            lossless.add(bus.subscribe(SubscribeOptions::lossless));
        }
    }

    @Setup
    public void age() {
        OldAge.reach();
    }

    @Setup(Level.Invocation)
    public void publish() {
        for (Receiver<Object> other : lossless) {
            other.drain(MESSAGES, received -> {});
        }
        for (int i = 0; i < MESSAGES; i++) {
            bus.publish(event);
        }
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int drain(Blackhole sink) {
        return all(rx.drain(MESSAGES, received -> consume(received, sink)));
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int tryRecv(Blackhole sink) {
        int taken = 0;
        while (rx.tryRecv() instanceof Message<Object> message) {
            sink.consume(message.event());
            taken++;
        }
        return all(taken);
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void recv(Blackhole sink) {
        for (int i = 0; i < MESSAGES; i++) {
            consume(rx.recv(), sink);
        }
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int recvTimeout(Blackhole sink) {
        int taken = 0;
        for (int i = 0; i < MESSAGES; i++) {
            if (rx.recvTimeout(TIMEOUT) instanceof Message<Object> message) {
                sink.consume(message.event());
                taken++;
            }
        }
        return all(taken);
    }

    private static void consume(Received<Object> received, Blackhole sink) {
        if (received instanceof Message<Object> message) {
            sink.consume(message.event());
        } else {
            throw new IllegalStateException("expected a message, got " + received);
        }
    }

    static int all(int taken) {
        if (taken != MESSAGES) {
            throw new IllegalStateException(taken + " messages taken of " + MESSAGES);
        }
        return taken;
    }
}
