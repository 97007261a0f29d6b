package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An error in the middle of serving wake-ups loses none of them. */
@Timeout(60)
class ServingErrorTest {
    private static final int RECEIVERS = 300;

    /** Unparks, then fails once: at the call whose number is given. */
    private static final class FailingStack extends WaitStack {
        private final AtomicInteger calls = new AtomicInteger();
        private final int failing;

        FailingStack(int failing) {
            this.failing = failing;
        }

        @Override
        void unpark(@Nullable Thread thread) {
            super.unpark(thread);
            if (calls.incrementAndGet() == failing) {
                throw new PlantedError();
            }
        }
    }

    /**
     * Fails in the park of the one thread that is given, once it is enlisted on top of all others.
     */
    private static final class FailingParkStack extends WaitStack {
        private volatile @Nullable Thread failing;

        @Override
        void park(Object blocker) {
            if (Thread.currentThread() == failing) {
                throw new PlantedError();
            }
            super.park(blocker);
        }
    }

    private static final class Reader extends SteppedCursor implements Runnable {
        private final CountDownLatch handled;
        private final CountDownLatch failed;

        Reader(Channel channel, CountDownLatch handled, CountDownLatch failed) {
            super(channel);
            this.handled = handled;
            this.failed = failed;
        }

        @Override
        public void run() {
            while (poll() == NoMessage.EMPTY) {
                try {
                    await(FOREVER);
                } catch (PlantedError e) {
                    // The planted one: this receiver goes on, and so must the others.
                    failed.countDown();
                }
            }
            handled.countDown();
        }
    }

    @Test
    void anErrorInParkLeavesNoArmedNodeForAWakerToHandAShareTo() throws Exception {
        FailingParkStack stack = new FailingParkStack();
        Channel channel = new Channel(new NumberRing(8), 0, false, stack, new WaitStack());
        CountDownLatch handled = new CountDownLatch(RECEIVERS);
        CountDownLatch failed = new CountDownLatch(1);
        List<Reader> readers = startParked(channel, handled, failed);
        Reader unlucky = new Reader(channel, handled, failed);
        Thread failing =
                Thread.ofVirtual()
                        .unstarted(
                                () -> {
                                    try {
                                        unlucky.await(Cursor.FOREVER);
                                    } catch (PlantedError e) {
                                        failed.countDown();
                                    }
                                });
        stack.failing = failing;
        failing.start();
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
        channel.publish("first");
        assertThat(handled.await(10, TimeUnit.SECONDS))
                .as("%d receivers stranded", handled.getCount())
                .isTrue();
        assertThat(readers).hasSize(RECEIVERS);
    }

    /** Readers, all parked; to be kept, since abandoned ones would be ended. */
    private static List<Reader> startParked(
            Channel channel, CountDownLatch handled, CountDownLatch failed) {
        List<Reader> readers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < RECEIVERS; i++) {
            Reader reader = new Reader(channel, handled, failed);
            readers.add(reader);
            threads.add(Thread.ofVirtual().start(reader));
        }
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> threads.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
        return readers;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 40, 100, 200, 299})
    void aShareLeftByAnErrorIsServedByTheNextPublisher(int failing) throws Exception {
        FailingStack stack = new FailingStack(failing);
        Channel channel = new Channel(new NumberRing(8), 0, false, stack, new WaitStack());
        CountDownLatch handled = new CountDownLatch(RECEIVERS);
        CountDownLatch failed = new CountDownLatch(1);
        List<Reader> readers = startParked(channel, handled, failed);
        try {
            channel.publish("first");
        } catch (PlantedError e) {
            // The publisher's own unpark was the one to fail.
            failed.countDown();
        }
        // Not merely thrown but arrived at its caller: until then the share may not have been left.
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
        channel.publish("second");
        assertThat(handled.await(10, TimeUnit.SECONDS))
                .as("%d receivers stranded", handled.getCount())
                .isTrue();
        assertThat(readers).hasSize(RECEIVERS);
    }
}
