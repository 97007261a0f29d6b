package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What waiters leave on the stack when others of their kind are above them. */
class OrphansTest {
    private static final int CYCLES = 1_000_000;
    private static final int THREADS = 8;

    /**
     * The depth below which orphans are left alone, of a stack with so few receivers, and the one
     * pushed last.
     */
    private static final int BOUND = 64 + 1;

    /** Notes the greatest depth. */
    private static final class MeasuredStack extends WaitStack {
        private final AtomicInteger deepest = new AtomicInteger();

        @Override
        boolean casTop(@Nullable WaitNode expected, @Nullable WaitNode node) {
            boolean done = super.casTop(expected, node);
            if (done && node != null && node.depth > deepest.get()) {
                deepest.accumulateAndGet(node.depth, Math::max);
            }
            return done;
        }
    }

    private static final class Waiter extends Cursor implements AutoCloseable {
        Waiter(Channel channel) {
            super(channel, new Start.Now(), false, null);
        }

        @Override
        public void close() {
            unsubscribe();
        }
    }

    @ParameterizedTest
    @EnumSource
    void receiversThatComeWaitAndGoTogetherPileUpOrphansToTheBoundAndNoFurther(ThreadKind kind) {
        MeasuredStack stack = new MeasuredStack();
        Channel channel =
                kind == ThreadKind.VIRTUAL
                        ? new Channel(new NumberRing(2), 0, false, stack, new WaitStack())
                        : new Channel(new NumberRing(2), 0, false, new WaitStack(), stack);
        Waiter staying = new Waiter(channel);
        Task<Void> parked = Task.run(kind, () -> staying.await(Cursor.FOREVER));
        List<Task<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            tasks.add(Task.run(kind, () -> comeAndGo(channel)));
        }
        tasks.forEach(Task::result);
        assertThat(stack.deepest).hasValue(BOUND);
        assertThat(stack.woken()).isPositive();
        channel.close();
        parked.result();
    }

    private static void comeAndGo(Channel channel) {
        for (int i = 0; i < CYCLES / THREADS; i++) {
            try (Waiter waiter = new Waiter(channel)) {
                // Mostly parked, so that who leaves has others above.
                waiter.await(i % 10 == 0 ? 20_000 : 1);
            }
        }
    }
}
