package dev.rustyonions.bus.tck;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.flow.BusFlow;

import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

import java.util.concurrent.Flow;

/** A stream of so many events, which ends. */
public class FinitePublisherTest extends FlowPublisherVerification<Long> {
    /** The largest window that a bus has: all events must fit in it. */
    private static final int MOST = 1 << 16;

    public FinitePublisherTest() {
        super(new TestEnvironment(500, 100));
    }

    @Override
    public long maxElementsFromPublisher() {
        return MOST;
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
        Bus<Long> bus = Bus.builder().capacity(MOST).build();
        Flow.Publisher<Long> publisher =
                BusFlow.events(bus, task -> Thread.ofVirtual().start(task));
        return subscriber -> {
            publisher.subscribe(subscriber);
            for (long i = 0; i < elements; i++) {
                bus.publish(i);
            }
            bus.close();
        };
    }

    /** A bus whose subscribers cannot be served: the executor refuses. */
    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
        return BusFlow.events(
                Bus.<Long>create(),
                task -> {
                    throw new java.util.concurrent.RejectedExecutionException("full");
                });
    }
}
