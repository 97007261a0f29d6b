package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Receiver;

import java.util.concurrent.atomic.LongAdder;

/** The shortest whole program: one bus, one receiver in a virtual thread, a thousand events. */
public final class PublishSmoke {
    public static void main(String[] args) throws InterruptedException {
        LongAdder received = new LongAdder();
        LongAdder missed = new LongAdder();
        Thread task;
        try (Bus<Event> bus = Bus.create(1024)) {
            Receiver<Event> rx = bus.subscribe();
            task =
                    Thread.startVirtualThread(
                            () -> rx.consume(e -> received.increment(), missed::add));
            for (int i = 0; i < 1_000; i++) {
                bus.publish(new Event.Health("smoke", true));
            }
        }
        task.join();
        System.out.println("published=1000 received=" + received + " missed=" + missed);
        System.exit(received.sum() + missed.sum() == 1_000 ? 0 : 1);
    }
}
