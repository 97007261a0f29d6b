package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The stack of parked threads, driven by one thread that plays all the waiters: what it does is
 * then exact.
 */
class WaitStackTest {
    private static final int MANY = Integer.MAX_VALUE;

    private WaitStack stack = new WaitStack();

    @BeforeTry
    void startAfresh() {
        stack = new WaitStack();
    }

    /** A thread that is never started: unparking it does nothing. */
    private static Thread owner() {
        return Thread.ofVirtual().unstarted(() -> {});
    }

    private WaitNode arm() {
        return stack.arm(null, owner(), MANY);
    }

    private List<WaitNode> armed(int count) {
        List<WaitNode> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(arm());
        }
        return nodes;
    }

    /** Has every woken waiter leave, and so serve its share, until nobody is left to wake. */
    private void serveAll(List<WaitNode> nodes) {
        Set<WaitNode> left = new HashSet<>(nodes);
        boolean progress = true;
        while (progress) {
            progress = false;
            for (WaitNode node : nodes) {
                if (node.state() == WaitNode.TAKEN && left.remove(node)) {
                    stack.disarm(node);
                    progress = true;
                }
            }
        }
    }

    // ---- waking ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 66, 127, 128, 129, 130, 131, 1000, 4097, 100_000})
    void theWakerUnparksOneAndThatOneAndThoseItWakesAllTheOthers(int count) {
        List<WaitNode> nodes = armed(count);
        stack.wakeIfAny(false);
        assertThat(nodes.stream().filter(node -> !node.isArmed()).count()).isEqualTo(1);
        assertThat(stack.woken()).isEqualTo(1);
        serveAll(nodes);
        assertThat(nodes).noneMatch(WaitNode::isArmed);
        assertThat(stack.woken()).isEqualTo(count);
        assertThat(stack.top).isNull();
        assertThat(stack.laidAside).isNull();
    }

    @Property(tries = 500)
    void everyCountOfWaitersIsWokenWhole(@ForAll @IntRange(min = 1, max = 3000) int count) {
        theWakerUnparksOneAndThatOneAndThoseItWakesAllTheOthers(count);
    }

    @Property(tries = 500)
    void waitersThatLeftAreNotWokenAndTheOthersAre(
            @ForAll @IntRange(min = 1, max = 1500) int count, @ForAll Random random) {
        List<WaitNode> nodes = armed(count);
        List<WaitNode> waiting = new ArrayList<>();
        int leaving = random.nextInt(count + 1);
        List<WaitNode> shuffled = new ArrayList<>(nodes);
        Collections.shuffle(shuffled, random);
        shuffled.subList(0, leaving).forEach(stack::disarm);
        waiting.addAll(shuffled.subList(leaving, count));
        stack.wakeIfAny(false);
        serveAll(waiting);
        assertThat(waiting).allMatch(node -> node.state() == WaitNode.TAKEN);
        assertThat(stack.woken()).isEqualTo(waiting.size());
    }

    @Property(tries = 500)
    void waitersThatLeaveBetweenTheWakeAndTheirTurnAreNotWokenAndTheOthersAre(
            @ForAll @IntRange(min = 2, max = 1500) int count, @ForAll Random random) {
        List<WaitNode> nodes = armed(count);
        stack.wakeIfAny(false);
        List<WaitNode> left = new ArrayList<>();
        for (WaitNode node : nodes) {
            if (node.isArmed() && random.nextInt(3) == 0) {
                stack.disarm(node);
                left.add(node);
            }
        }
        List<WaitNode> waiting = new ArrayList<>(nodes);
        waiting.removeAll(left);
        serveAll(waiting);
        assertThat(waiting).allMatch(node -> node.state() == WaitNode.TAKEN);
        assertThat(stack.woken()).isEqualTo(waiting.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 100_000})
    void fewHandOversInARowWakeAll(int count) {
        List<WaitNode> nodes = armed(count);
        stack.wakeIfAny(false);
        int generations = 0;
        Deque<WaitNode> waiting = new ArrayDeque<>(nodes);
        while (!waiting.isEmpty()) {
            List<WaitNode> woken = new ArrayList<>();
            waiting.removeIf(node -> node.state() == WaitNode.TAKEN && woken.add(node));
            woken.forEach(stack::disarm);
            generations++;
        }
        int chain = count >> Share.HALVINGS;
        int most = Share.DIRECT << Share.DOUBLINGS;
        assertThat(generations)
                .isLessThanOrEqualTo(3 + Share.HALVINGS + Share.DOUBLINGS + chain / most);
    }

    @Test
    void aServedNodeRefersToNoOther() {
        List<WaitNode> nodes = armed(500);
        stack.wakeIfAny(false);
        serveAll(nodes);
        assertThat(nodes)
                .allMatch(
                        node -> node.next == null && node.jump == null && node.shareOrLink == null);
    }

    // ---- jump pointers ----

    @Test
    void jumpsFollowTheSkewBinaryRule() {
        List<WaitNode> nodes = armed(5000);
        for (int i = 0; i < nodes.size(); i++) {
            WaitNode node = nodes.get(i);
            assertThat(node.depth).isEqualTo(i + 1);
            assertThat(node.next).isSameAs(i == 0 ? null : nodes.get(i - 1));
            int to = jumpDepth(i + 1);
            assertThat(node.jump).isSameAs(to == 0 ? null : nodes.get(to - 1));
        }
    }

    /**
     * The depth that the jump of the node at {@code depth} leads to, 0 for null. The n nodes above
     * the bottom one are a sum of numbers 2^k - 1, largest first: the topmost jumps over as many as
     * the last of them.
     */
    private static int jumpDepth(int depth) {
        int rest = depth - 1;
        int last = 1;
        while (rest > 0) {
            last = Integer.highestOneBit(rest + 1) - 1;
            rest -= last;
        }
        return depth - last;
    }

    // ---- leaving ----

    @Test
    void aNodeOnTopIsPoppedWhenItsOwnerLeavesAndThoseIdleBelowItToo() {
        WaitNode bottom = arm();
        WaitNode middle = arm();
        WaitNode top = arm();
        assertThat(stack.disarm(middle)).isSameAs(middle);
        assertThat(stack.top).isSameAs(top);
        assertThat(stack.disarm(top)).isNull();
        assertThat(stack.top).isSameAs(bottom);
        assertThat(middle.state()).isEqualTo(WaitNode.TAKEN);
        assertThat(stack.disarm(bottom)).isNull();
        assertThat(stack.top).isNull();
        assertThat(stack.woken()).isZero();
    }

    @Test
    void aNodeStillEnlistedIsArmedAgainInPlace() {
        WaitNode deep = arm();
        WaitNode top = arm();
        WaitNode kept = stack.disarm(deep);
        assertThat(kept).isSameAs(deep);
        assertThat(kept.thread).isNull();
        Thread self = owner();
        assertThat(stack.arm(kept, self, MANY)).isSameAs(deep);
        assertThat(deep.thread).isSameAs(self);
        assertThat(stack.top).isSameAs(top);
        assertThat(top.depth).isEqualTo(2);
        stack.wakeIfAny(false);
        serveAll(List.of(deep, top));
        assertThat(stack.woken()).isEqualTo(2);
    }

    @Test
    void aNodeOnADetachedPartIsArmedAgainInPlaceAndWoken() {
        WaitNode deep = arm();
        WaitNode top = arm();
        WaitNode kept = stack.disarm(deep);
        stack.wakeIfAny(false);
        assertThat(stack.arm(kept, owner(), MANY)).isSameAs(deep);
        assertThat(stack.top).isNull();
        stack.disarm(top);
        assertThat(deep.state()).isEqualTo(WaitNode.TAKEN);
        assertThat(stack.woken()).isEqualTo(2);
    }

    @Test
    void aNodeThatWasTakenIsReplacedByANewOne() {
        WaitNode deep = arm();
        WaitNode top = arm();
        WaitNode kept = stack.disarm(deep);
        stack.wakeIfAny(false);
        stack.disarm(top);
        assertThat(deep.state()).isEqualTo(WaitNode.TAKEN);
        WaitNode again = stack.arm(kept, owner(), MANY);
        assertThat(again).isNotSameAs(deep);
        assertThat(stack.top).isSameAs(again);
        assertThat(again.depth).isEqualTo(1);
    }

    @Test
    void comingWaitingAndGoingAMillionTimesLeavesTheStackBoundedAndTheParkedOneServed() {
        int receivers = 3;
        WaitNode parked = stack.arm(null, owner(), receivers);
        WaitNode older = stack.arm(null, owner(), receivers);
        int wakes = 0;
        for (int i = 0; i < 1_000_000; i++) {
            // Armed above the one that leaves next, so that each leaver is below the top and stays
            // behind.
            WaitNode newer = stack.arm(null, owner(), receivers);
            stack.disarm(older);
            older = newer;
            if (stack.top.depth > 64 + 2 * receivers + 1) {
                throw new AssertionError("depth " + stack.top.depth + " after " + i + " cycles");
            }
            if (!parked.isArmed() || !older.isArmed()) {
                // Swept: those that waited are woken, find nothing and wait again.
                stack.disarm(older);
                stack.disarm(parked);
                assertThat(parked.isArmed()).isFalse();
                parked = stack.arm(null, owner(), receivers);
                older = stack.arm(null, owner(), receivers);
                wakes++;
            }
        }
        assertThat(wakes).isBetween(1_000_000 / 128, 1_000_000 / 32);
        stack.wakeIfAny(false);
        serveAll(List.of(older, parked));
        assertThat(parked.isArmed()).isFalse();
        assertThat(stack.top).isNull();
    }

    @Test
    void receiversThatSubscribeAndEnlistWhileAWaiterStallsAreNotTakenForOrphans() {
        List<WaitNode> others = new ArrayList<>();
        WaitNode late =
                stack.arm(
                        null,
                        owner(),
                        () -> {
                            int before = others.size();
                            others.addAll(armed(100));
                            return before;
                        });
        assertThat(late.isArmed()).isTrue();
        assertThat(others).allMatch(WaitNode::isArmed);
        assertThat(stack.woken()).isZero();
    }

    @Test
    void timedWaitersAboveAParkedOneLeaveNothingBehind() {
        WaitNode parked = arm();
        for (int i = 0; i < 1_000_000; i++) {
            WaitNode node = stack.arm(null, owner(), 2);
            assertThat(stack.disarm(node)).isNull();
        }
        assertThat(stack.top).isSameAs(parked);
        assertThat(stack.woken()).isZero();
    }
}
