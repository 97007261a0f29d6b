package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rustyonions.bus.fixture.Latches;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * What becomes of the others when a thread is stopped, or ended by an error, in the middle of
 * enlisting or waking.
 */
class StalledWaiterReplayTest {
    /** For a wait with a time limit, in nanoseconds; enough to be parked before it is up. */
    private static final long TIME = 250_000_000;

    private static final Thread OWNER = new Thread();

    private final SteppedStack stack = new SteppedStack();

    @Test
    void aPusherThatReadATopSinceDetachedDoesNotSucceedWithTheDepthAndJumpOfThatTime() {
        stack.arm();
        WaitNode top = stack.arm();
        WaitNode pusher = new WaitNode(new Thread());
        WaitStack.link(pusher, top);

        stack.wakeIfAny(false);
        stack.serveAll();
        WaitNode again = stack.arm(top, new Thread(), 3);

        assertThat(stack.casTop(top, pusher)).isFalse();
        assertThat(again).isNotSameAs(top);
        assertThat(stack.top).isSameAs(again);
        assertThat(again.depth).isEqualTo(1);
    }

    @Test
    void aPusherThatReadATopSincePoppedDoesNotSucceedEither() {
        WaitNode top = stack.arm(null, new Thread(), 2);
        WaitNode pusher = new WaitNode(new Thread());
        WaitStack.link(pusher, top);

        WaitNode kept = stack.disarm(top);

        assertThat(kept).isNull();
        assertThat(stack.arm(top, new Thread(), 2)).isNotSameAs(top);
        assertThat(stack.casTop(top, pusher)).isFalse();
    }

    @Test
    void aWakerStalledBeforeTheUnparkDelaysNobodyWhoseOwnerLeavesMeanwhile() {
        WaitNode below = stack.arm();
        Thread owner = new Thread();
        WaitNode leaver = stack.arm(null, owner, 2);
        WaitNode[] again = new WaitNode[1];
        stack.beforeUnparks(
                () -> {
                    // The leaver's time is up; it passes its share on, and waits once more.
                    WaitNode kept = stack.disarm(leaver);
                    again[0] = stack.arm(kept, owner, 2);
                    assertThat(below.state()).isEqualTo(WaitNode.TAKEN);
                });

        stack.wakeIfAny(false);
        stack.beforeUnparks(null);
        stack.serveAll();

        assertThat(stack.asleep()).isZero();
        assertThat(again[0].isArmed()).isTrue();
        stack.wakeIfAny(false);
        assertThat(again[0].state()).isEqualTo(WaitNode.TAKEN);
    }

    @Test
    void aWakerStalledBeforeTheUnparkHoldsUpNoOtherPublisher() {
        WaitNode below = stack.arm();
        stack.arm();
        stack.beforeUnparks(
                () -> {
                    WaitNode late = stack.arm();
                    stack.wakeIfAny(false);
                    assertThat(late.state()).isEqualTo(WaitNode.TAKEN);
                    assertThat(below.isArmed()).isTrue();
                });

        stack.wakeIfAny(false);
        stack.beforeUnparks(null);
        stack.serveAll();

        assertThat(stack.asleep()).isZero();
    }

    @Test
    void aPopperThatAnOwnerOvertookTakesNoNodeOffThatTheOwnerWillArmAgain() {
        WaitNode node = stack.arm(null, OWNER, 2);
        WaitNode above = stack.arm(null, new Thread(), 2);
        assertThat(stack.disarm(node)).isSameAs(node);
        CountDownLatch leaving = new CountDownLatch(1);
        CountDownLatch popped = new CountDownLatch(1);
        List<CompletableFuture<WaitNode>> left = new ArrayList<>();
        stack.aroundNextClaim(
                node,
                claim -> {
                    // The owner waits again, so that the claim fails, and leaves at once; stopped
                    // before it looks for idle nodes.
                    stack.arm(node, OWNER, 2);
                    claim.run();
                    stack.beforeNextPop(
                            () -> {
                                leaving.countDown();
                                Latches.await(popped);
                            });
                    left.add(CompletableFuture.supplyAsync(() -> stack.disarm(node)));
                    Latches.await(leaving);
                });

        stack.disarm(above);
        popped.countDown();

        WaitNode again = stack.arm(left.getFirst().join(), OWNER, 2);
        stack.wakeIfAny(false);
        assertThat(again.state()).isEqualTo(WaitNode.TAKEN);
    }

    @Test
    void whoIsWokenWhenItsTimeIsUpServesTheShareBeforeItLeaves() {
        long began = System.nanoTime();
        assertThatOthersAreWokenBy(
                cursor -> {
                    while (System.nanoTime() - began <= 2 * TIME) {
                        Thread.onSpinWait();
                    }
                });
    }

    @Test
    void whoIsWokenAndInterruptedServesTheShareBeforeItLeaves() {
        assertThatOthersAreWokenBy(cursor -> Thread.currentThread().interrupt());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whoIsWokenAndClosedServesTheShareBeforeItLeaves() {
        assertThatOthersAreWokenBy(Cursor::unsubscribe);
    }

    /**
     * A receiver is handed the wake-ups of three others while it is parked, and then given a reason
     * of its own to leave.
     */
    private void assertThatOthersAreWokenBy(Consumer<Cursor> reason) {
        Channel channel = new Channel(new NumberRing(4), 0, false, new WaitStack(), stack);
        for (int i = 0; i < 3; i++) {
            stack.arm();
        }
        SteppedCursor cursor = new SteppedCursor(channel);
        stack.whileParked(
                () -> {
                    channel.publish("event");
                    reason.accept(cursor);
                });

        cursor.await(TIME);
        stack.serveAll();

        assertThat(stack.asleep()).isZero();
    }

    @Test
    void anErrorThatComesOutOfTheParkLeavesNobodyArmed() {
        Channel channel = new Channel(new NumberRing(4), 0, false, new WaitStack(), stack);
        SteppedCursor cursor = new SteppedCursor(channel);
        stack.whileParked(
                () -> {
                    throw new PlantedError();
                });

        Throwable thrown = catchThrowable(() -> cursor.await(TIME));

        assertThat(thrown).isInstanceOf(PlantedError.class);
        assertThat(stack.top).isNull();
    }

    /**
     * Whatever unpark fails: the publisher's, a hand-over of half a share, or one of the last that
     * are woken directly.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 10, 40, 63, 64, 65, 66, 100, 150, 199, 200})
    void anErrorInAnUnparkCostsNoOtherReceiverItsWakeUp(int failing) {
        for (int i = 0; i < 200; i++) {
            stack.arm();
        }
        int[] unparks = new int[1];
        stack.beforeUnparks(
                () -> {
                    if (++unparks[0] == failing) {
                        throw new PlantedError();
                    }
                });

        Throwable thrown = catchThrowable(() -> stack.wakeIfAny(false));
        stack.serveAll();

        assertThat(thrown).matches(e -> failing == 1 ? e instanceof PlantedError : e == null);
        assertThat(unparks[0]).isEqualTo(200);
        assertThat(stack.asleep()).as("the one whose unpark failed").isEqualTo(1);
        assertThat(stack.top).isNull();
        assertThat(stack.laidAside).isNull();
    }

    /** As after the close of the bus: no publisher comes by. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 65, 66, 100, 200})
    void whoMeetsErrorsServesTheRestItself(int failing) {
        for (int i = 0; i < 200; i++) {
            stack.arm();
        }
        int[] unparks = new int[1];
        stack.beforeUnparks(
                () -> {
                    if (++unparks[0] >= failing && unparks[0] < failing + 3) {
                        throw new PlantedError();
                    }
                });

        Throwable thrown = catchThrowable(() -> stack.wakeIfAny(false));
        stack.serveAll();

        assertThat(thrown).matches(e -> failing == 1 ? e instanceof PlantedError : e == null);
        assertThat(unparks[0]).isEqualTo(200);
        assertThat(stack.asleep())
                .as("those whose unpark failed")
                .isEqualTo(Math.min(3, 201 - failing));
        assertThat(stack.laidAside).isNull();
    }

    @Test
    void theNextToWaitServesWhatWasLeftForWantOfStack() {
        leaveAShareForWantOfStack();

        stack.arm(null, new Thread(), 4);
        stack.serveAll();

        assertThat(stack.asleep()).as("the one whose unpark failed").isEqualTo(1);
    }

    @Test
    void whoFindsTheBusClosedServesWhatWasLeftForWantOfStack() {
        Channel channel = new Channel(new NumberRing(4), 0, false, new WaitStack(), stack);
        SteppedCursor cursor = new SteppedCursor(channel);
        channel.close();
        leaveAShareForWantOfStack();

        assertThat(cursor.poll()).isEqualTo(NoMessage.BUS_CLOSED);
        stack.serveAll();

        assertThat(stack.asleep()).as("the one whose unpark failed").isEqualTo(1);
    }

    private void leaveAShareForWantOfStack() {
        for (int i = 0; i < 3; i++) {
            stack.arm();
        }
        int[] unparks = new int[1];
        stack.beforeUnparks(
                () -> {
                    if (++unparks[0] == 2) {
                        throw new StackOverflowError("planted");
                    }
                });
        stack.wakeIfAny(false);
        stack.serveAll();
        assertThat(stack.laidAside).isNotNull();
    }

    @Test
    void aNodeOfTheOtherKindOfThreadIsNotKeptWhenServingFails() throws InterruptedException {
        SteppedStack virtuals = new SteppedStack();
        Channel channel = new Channel(new NumberRing(4), 0, false, virtuals, stack);
        SteppedCursor cursor = new SteppedCursor(channel);
        // Leaves a node on the platform threads' stack, below another.
        stack.whileParked(
                () -> {
                    stack.arm();
                    Thread.currentThread().interrupt();
                });
        cursor.await(TIME);
        assertThat(Thread.interrupted()).isTrue();
        virtuals.arm();
        failAtUnpark(virtuals, 2);
        List<Throwable> thrown = new ArrayList<>();
        List<WaitNode> enlisted = new ArrayList<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            virtuals.whileParked(() -> virtuals.wakeIfAny(true));
                            thrown.add(catchThrowable(() -> cursor.await(TIME)));
                            virtuals.whileParked(
                                    () -> {
                                        enlisted.add(virtuals.top);
                                        channel.close();
                                    });
                            cursor.await(TIME);
                        })
                .join();

        assertThat(thrown.getFirst()).isInstanceOf(PlantedError.class);
        assertThat(enlisted.getFirst()).isNotNull();
    }

    private static void failAtUnpark(SteppedStack stack, int failing) {
        int[] unparks = new int[1];
        stack.beforeUnparks(
                () -> {
                    if (++unparks[0] == failing) {
                        throw new PlantedError();
                    }
                });
    }
}
