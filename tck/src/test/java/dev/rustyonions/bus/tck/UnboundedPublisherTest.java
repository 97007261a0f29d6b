package dev.rustyonions.bus.tck;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.flow.BusFlow;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

import java.util.concurrent.Flow;

/** A stream that never ends: a lossless receiver, and a publisher that waits for it. */
public class UnboundedPublisherTest extends FlowPublisherVerification<Long> {
    private static final int CAPACITY = 64;

    public UnboundedPublisherTest() {
        super(new TestEnvironment(500, 100));
    }

    @Override
    public long maxElementsFromPublisher() {
        return publisherUnableToSignalOnComplete();
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
        Bus<Long> bus = Bus.builder().capacity(CAPACITY).build();
        Flow.Publisher<Long> publisher =
                BusFlow.events(
                        bus, task -> Thread.ofVirtual().start(task), options -> options.lossless());
        return subscriber -> {
            publisher.subscribe(subscriber);
            Thread.ofVirtual().start(() -> publishWhileSubscribed(bus));
        };
    }

    private static void publishWhileSubscribed(Bus<Long> bus) {
        for (long i = 0; bus.stats().receivers() > 0; i++) {
            bus.submit(i);
        }
    }

    @Override
    public Flow.@Nullable Publisher<Long> createFailedFlowPublisher() {
        return null; // as of the stream that ends
    }
}
