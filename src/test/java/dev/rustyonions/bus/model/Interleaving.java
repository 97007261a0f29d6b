package dev.rustyonions.bus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.Sender;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A bus and its model, taken through the same steps. */
final class Interleaving {
    private static final int FLUSH_THRESHOLD = 3;

    private final Bus<Integer> bus;
    private final ModelBus model;
    private final List<Receiver<Integer>> receivers = new ArrayList<>();
    private final List<Batch<Integer>> batches = new ArrayList<>();
    private final List<ModelBatch> modelBatches = new ArrayList<>();
    private int nextEvent;

    Interleaving(Mode mode, int capacity, boolean amnesia) {
        bus =
                Buses.builder(mode, capacity)
                        .amnesia(amnesia)
                        .flushThreshold(FLUSH_THRESHOLD)
                        .build();
        model = new ModelBus(capacity, amnesia);
    }

    void run(List<Step> steps) {
        for (Step step : steps) {
            take(step);
            model.noteProgress();
            compareCounters();
        }
    }

    private void take(Step step) {
        switch (step.action()) {
            case PUBLISH -> {
                int covered = bus.publish(nextEvent);
                assertThat(covered).isEqualTo(model.publish(nextEvent++) < 0 ? 0 : model.living());
            }
            case PUBLISH_SEQUENCED ->
                    assertThat(bus.publishSequenced(nextEvent))
                            .isEqualTo(model.publish(nextEvent++));
            case OFFER ->
                    assertThat(bus.offer(nextEvent, Duration.ZERO))
                            .isEqualTo(model.offer(nextEvent++));
            case SUBMIT_WHERE_THERE_IS_ROOM -> {
                long expected = model.offer(nextEvent);
                if (expected != Sender.TIMED_OUT) {
                    assertThat(bus.submit(nextEvent)).isEqualTo(expected);
                }
                nextEvent++;
            }
            case PUBLISH_MANY -> publishMany(step.amount());
            case PUBLISH_MANY_WITH_NULL -> {
                List<Integer> events = Arrays.asList(nextEvent, null, nextEvent);
                assertThatThrownBy(() -> bus.publishMany(events))
                        .isInstanceOf(NullPointerException.class);
            }
            case BATCH_BEGIN -> {
                batches.add(bus.batch());
                modelBatches.add(new ModelBatch());
            }
            case BATCH_ADD, BATCH_FLUSH, BATCH_CLOSE -> {
                if (!batches.isEmpty()) {
                    int which = step.who() % batches.size();
                    onBatch(step.action(), batches.get(which), modelBatches.get(which));
                }
            }
            case SUBSCRIBE_NOW -> subscribe(step, options -> {}, model.tail(), true);
            case SUBSCRIBE_OLDEST ->
                    subscribe(step, SubscribeOptions::oldest, model.windowStart(), true);
            case SUBSCRIBE_LAST ->
                    subscribe(
                            step,
                            options -> options.last(step.amount()),
                            Math.max(model.windowStart(), model.tail() - step.amount()),
                            true);
            case SUBSCRIBE_FROM -> subscribeFrom(step);
            case BUS_CLOSE -> {
                bus.close();
                model.close();
            }
            default -> {
                if (!receivers.isEmpty()) {
                    int which = step.who() % receivers.size();
                    onReceiver(step, receivers.get(which), model.receivers.get(which));
                }
            }
        }
    }

    // ---- publishing ----

    private void publishMany(int count) {
        List<Integer> events = new ArrayList<>();
        int accepted = 0;
        for (int i = 0; i < count; i++) {
            events.add(nextEvent);
            accepted += model.publish(nextEvent++) < 0 ? 0 : 1;
        }
        assertThat(bus.publishMany(events)).isEqualTo(accepted);
    }

    private void onBatch(Step.Action action, Batch<Integer> batch, ModelBatch expected) {
        switch (action) {
            case BATCH_ADD -> {
                int event = nextEvent++;
                if (expected.closed) {
                    assertThatThrownBy(() -> batch.add(event))
                            .isInstanceOf(IllegalStateException.class);
                } else {
                    expected.collected.add(event);
                    boolean full = expected.collected.size() == FLUSH_THRESHOLD;
                    assertThat(batch.add(event))
                            .isEqualTo(!full || expected.flush() == FLUSH_THRESHOLD);
                }
            }
            case BATCH_FLUSH -> assertThat(batch.flush()).isEqualTo(expected.flush());
            default -> {
                batch.close();
                expected.flush();
                expected.closed = true;
            }
        }
        assertThat(batch.accepted()).isEqualTo(expected.accepted);
    }

    /** What a batch is to do. */
    private final class ModelBatch {
        final List<Integer> collected = new ArrayList<>();
        long accepted;
        boolean closed;

        int flush() {
            int published = 0;
            for (int event : collected) {
                published += model.publish(event) < 0 ? 0 : 1;
            }
            collected.clear();
            accepted += published;
            return published;
        }
    }

    // ---- subscribing ----

    private void subscribeFrom(Step step) {
        long sequence = step.who() % 4 == 0 ? model.tail() + 1 + step.amount() : step.amount();
        if (sequence <= model.tail()) {
            subscribe(step, options -> options.from(sequence), sequence, false);
        } else {
            assertThatThrownBy(() -> bus.subscribe(options -> options.from(sequence)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("from(" + sequence + ")")
                    .hasMessageContaining("0 to " + model.tail());
        }
    }

    private void subscribe(
            Step step, Consumer<SubscribeOptions<Integer>> start, long from, boolean retained) {
        Predicate<Integer> filter = ModelFilters.ALL.get(step.who() % ModelFilters.ALL.size());
        // What a bus has forgotten shows by where a lag resumes, which latestOnLag would hide.
        int policy = step.who() / ModelFilters.ALL.size();
        boolean latestOnLag = policy == 1 && !(model.amnesia && model.closed);
        boolean lossless = policy == 2;
        Function<Integer, Object> key = ModelKeys.ALL.get(step.amount() % ModelKeys.ALL.size());
        receivers.add(
                bus.subscribe(
                        options -> {
                            start.accept(options);
                            if (filter != ModelFilters.NONE) {
                                options.filter(filter);
                            }
                            if (latestOnLag) {
                                options.latestOnLag();
                            }
                            if (lossless) {
                                options.lossless();
                            }
                            if (key != ModelKeys.NONE) {
                                options.conflateBy(key);
                            }
                        }));
        ModelReceiver expected = new ModelReceiver(model, from, filter, key, latestOnLag, lossless);
        model.receivers.add(expected);
        if (retained && model.amnesia && model.closed) {
            // Not below what the bus had to forget, nor above what it was allowed to.
            long began = model.tail() - receivers.getLast().depth();
            assertThat(began)
                    .isBetween(Math.max(from, model.forgotten), Math.max(from, model.forgettable));
            expected.startsAt(began);
        }
    }

    // ---- receiving ----

    private void onReceiver(Step step, Receiver<Integer> receiver, ModelReceiver expected) {
        switch (step.action()) {
            case RECV -> recv(receiver, expected);
            case RECV_INTERRUPTED -> {
                Thread.currentThread().interrupt();
                Received<Integer> received = receiver.recv();
                assertThat(Thread.interrupted()).isTrue();
                Reason ended = expected.ended == null ? Reason.INTERRUPTED : expected.ended;
                assertThat(received).isEqualTo(new Closed<>(ended));
            }
            case TRY_RECV -> compare(receiver::tryRecv, expected);
            case RECV_TIMEOUT_ZERO -> compare(() -> receiver.recvTimeout(Duration.ZERO), expected);
            case DRAIN -> drain(receiver, expected, 1 + step.amount(), Integer.MAX_VALUE);
            case DRAIN_INTO_A_THROWING_HANDLER ->
                    drain(receiver, expected, Integer.MAX_VALUE, step.amount() % 4);
            case RECEIVER_CLOSE -> {
                receiver.close();
                model.end(expected, Reason.RECEIVER_CLOSED);
            }
            case EVICT -> {
                assertThat(bus.evict(receiver.id())).isEqualTo(expected.ended == null);
                model.end(expected, Reason.EVICTED);
            }
            default -> throw new AssertionError(step);
        }
    }

    private void recv(Receiver<Integer> receiver, ModelReceiver expected) {
        if (expected.hasSomething()) {
            compare(receiver::recv, expected);
        } else if (expected.isDry()) {
            compare(() -> receiver.recvTimeout(Duration.ofNanos(1)), expected);
        } else {
            compare(receiver::tryRecv, expected);
        }
    }

    private void compare(Supplier<Polled<Integer>> call, ModelReceiver expected) {
        Polled<Integer> given = null;
        RuntimeException thrown = null;
        try {
            given = call.get();
        } catch (ModelFilters.Refused e) {
            thrown = e;
        }
        try {
            assertThat(given).isEqualTo(expected.next(given));
            assertThat(thrown).isNull();
        } catch (ModelFilters.Refused e) {
            assertThat(thrown).isNotNull();
        }
    }

    private void drain(Receiver<Integer> receiver, ModelReceiver expected, int max, int throwAt) {
        List<Received<Integer>> given = new ArrayList<>();
        int handed = -1;
        String thrown = "";
        try {
            handed =
                    receiver.drain(
                            max,
                            received -> {
                                given.add(received);
                                if (given.size() == throwAt) {
                                    throw new HandlerFailed();
                                }
                            });
        } catch (ModelFilters.Refused e) {
            thrown = "filter";
        } catch (HandlerFailed e) {
            thrown = "handler";
        }

        List<Polled<Integer>> due = new ArrayList<>();
        String toThrow = "";
        int toHand = 0;
        try {
            while (toHand < max) {
                Polled<Integer> real = due.size() < given.size() ? given.get(due.size()) : null;
                Polled<Integer> next = expected.next(real);
                if (next instanceof Empty<Integer>) {
                    break;
                }
                due.add(next);
                if (due.size() == throwAt) {
                    toThrow = "handler";
                    break;
                }
                if (next instanceof Closed<Integer>) {
                    break;
                }
                toHand++;
            }
        } catch (ModelFilters.Refused e) {
            toThrow = "filter";
        }
        assertThat(new ArrayList<Polled<Integer>>(given)).isEqualTo(due);
        assertThat(thrown).isEqualTo(toThrow);
        assertThat(handed).isEqualTo(toThrow.isEmpty() ? toHand : -1);
    }

    /** What the handler of a drain throws. */
    private static final class HandlerFailed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    // ---- counters ----

    private void compareCounters() {
        assertThat(bus.stats()).isEqualTo(model.stats());
        assertThat(bus.isClosed()).isEqualTo(model.closed);
        assertThat(bus.receivers()).isEqualTo(accounts());
        assertThat(bus.awaitIdle(Duration.ZERO))
                .isEqualTo(model.receivers.stream().allMatch(ModelReceiver::isIdle));
        for (int i = 0; i < receivers.size(); i++) {
            Receiver<Integer> receiver = receivers.get(i);
            ModelReceiver expected = model.receivers.get(i);
            assertThat(receiver.delivered()).isEqualTo(expected.delivered);
            assertThat(receiver.filtered()).isEqualTo(expected.filtered);
            assertThat(receiver.conflated()).isEqualTo(expected.conflated);
            assertThat(receiver.missed()).isEqualTo(expected.missed);
            assertThat(receiver.depth()).isEqualTo(expected.depth());
            assertThat(receiver.position()).isEqualTo(expected.cursor);
            assertThat(receiver.isClosed()).isEqualTo(expected.ended != null);
        }
    }

    /** The accounts of the living, the furthest behind first. */
    private List<ReceiverStats> accounts() {
        List<ReceiverStats> accounts = new ArrayList<>();
        for (int i = 0; i < receivers.size(); i++) {
            ModelReceiver expected = model.receivers.get(i);
            if (expected.ended == null) {
                accounts.add(
                        new ReceiverStats(
                                receivers.get(i).id(),
                                Optional.empty(),
                                System.identityHashCode(receivers.get(i)),
                                expected.delivered,
                                expected.filtered,
                                expected.conflated,
                                expected.dropped + expected.pending(),
                                expected.depth(),
                                expected.lossless,
                                false));
            }
        }
        accounts.sort(
                Comparator.comparingInt((ReceiverStats account) -> -account.depth())
                        .thenComparing(account -> !account.lossless())
                        .thenComparingLong(ReceiverStats::id));
        return accounts;
    }
}
