package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Event;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;

import java.time.Duration;
import java.util.Locale;

/**
 * The health of this JVM, live from its own flight recorder: CPU load, GC pauses, thread starts.
 */
final class JvmHealth implements Source {
    private static final Duration CPU_PERIOD = Duration.ofMillis(100);
    private static final Duration LONG_PAUSE = Duration.ofMillis(50);
    private static final double BUSY = 0.9;

    private final CountingSender sender;
    private final RecordingStream stream = new RecordingStream();

    JvmHealth(CountingSender sender) {
        this.sender = sender;
        stream.enable("jdk.CPULoad").withPeriod(CPU_PERIOD);
        stream.enable("jdk.GCPhasePause").withoutThreshold();
        stream.enable("jdk.ThreadStart").withoutStackTrace();
        stream.onEvent("jdk.CPULoad", this::cpu);
        stream.onEvent("jdk.GCPhasePause", this::pause);
        stream.onEvent("jdk.ThreadStart", this::threadStart);
        stream.startAsync();
    }

    @Override
    public CountingSender sender() {
        return sender;
    }

    private void cpu(RecordedEvent event) {
        float load = event.getFloat("machineTotal");
        publish(String.format(Locale.ROOT, "jvm.cpu %.0f %%", load * 100), load < BUSY);
    }

    private void pause(RecordedEvent event) {
        Duration pause = event.getDuration();
        publish(
                String.format(Locale.ROOT, "jvm.gc %.1f ms", pause.toNanos() / 1e6),
                pause.compareTo(LONG_PAUSE) < 0);
    }

    private void threadStart(RecordedEvent event) {
        RecordedThread started = event.getThread("thread");
        String name = started == null ? null : started.getJavaName();
        publish("jvm.thread " + (name == null ? "(native)" : name), true);
    }

    private void publish(String service, boolean ok) {
        sender.publish(new Event.Health(service, ok));
    }

    @Override
    public void provoke() {
        Thread.ofPlatform().name("provoked").daemon().start(() -> {});
    }

    @Override
    public void close() {
        stream.close();
        try {
            // Closing does not wait for an event that is being handled.
            stream.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
