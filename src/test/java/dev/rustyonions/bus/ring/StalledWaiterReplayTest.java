package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the others when a thread is stopped, or ended by an error, in the middle of enlisting or waking. */
class StalledWaiterReplayTest {
    private final SteppedStack stack = new SteppedStack();

    @Test
    void aPusherThatReadATopSinceDetachedDoesNotSucceedWithTheDepthAndJumpOfThatTime() {
        stack.arm();
        WaitNode top = stack.arm();
        WaitNode pusher = new WaitNode(new Thread());
        WaitStack.link(pusher, top);

        stack.wakeIfAny();
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
        WaitNode leaver = stack.arm(null, new Thread(), 2);
        WaitNode[] again = new WaitNode[1];
        stack.beforeUnparks(
                () -> {
                    // The leaver's time is up; it passes its share on, and waits once more.
                    WaitNode kept = stack.disarm(leaver);
                    again[0] = stack.arm(kept, leaver.thread, 2);
                    assertThat(below.state()).isEqualTo(WaitNode.TAKEN);
                });

        stack.wakeIfAny();
        stack.beforeUnparks(null);
        stack.serveAll();

        assertThat(stack.asleep()).isZero();
        assertThat(again[0].isArmed()).isTrue();
        stack.wakeIfAny();
        assertThat(again[0].state()).isEqualTo(WaitNode.TAKEN);
    }

    /** Whatever unpark fails: the publisher's, a hand-over of half a share, or one of the last that are woken directly. */
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
                        throw new OutOfMemoryError("planted");
                    }
                });

        Throwable thrown = catchThrowable(stack::wakeIfAny);
        stack.serveAll();
        // The next publish, of whoever comes by.
        stack.wakeIfAny();
        stack.serveAll();

        assertThat(thrown).matches(e -> failing == 1 ? e instanceof OutOfMemoryError : e == null);
        assertThat(unparks[0]).isEqualTo(200);
        assertThat(stack.asleep()).as("the one whose unpark failed").isEqualTo(1);
        assertThat(stack.top).isNull();
        assertThat(stack.leftover).isNull();
    }

    @Test
    void theNextToWaitServesWhatAnErrorLeft() {
        for (int i = 0; i < 3; i++) {
            stack.arm();
        }
        int[] unparks = new int[1];
        stack.beforeUnparks(
                () -> {
                    if (++unparks[0] == 2) {
                        throw new OutOfMemoryError("planted");
                    }
                });
        stack.wakeIfAny();
        stack.serveAll();
        assertThat(stack.leftover).isNotNull();

        stack.arm(null, new Thread(), 4);
        stack.serveAll();

        assertThat(stack.asleep()).as("the one whose unpark failed").isEqualTo(1);
    }
}
