package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.EveryCall;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Whoever holds the monitor of an object of the bus holds up nobody. */
class NoMonitorIsTakenTest {
    private static final String LIBRARY = Bus.class.getPackageName();

    @EachModeAndThread
    @SuppressWarnings("try") // a close in the middle is among the calls
    void everyCallReturnsWhileAnotherThreadHoldsTheMonitorsOfAllObjectsOfTheBus(
            Mode mode, ThreadKind kind) throws Exception {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> parked = bus.subscribe();
                Receiver<Integer> used = bus.subscribe();
                Batch<Integer> batch = bus.batch()) {
            whileAnotherThreadHoldsTheMonitorsOf(
                    List.of(bus, bus.sender(), parked, used, batch),
                    () -> {
                        Task<Received<Integer>> receiving =
                                Task.start(kind, parked::recv).untilParked();
                        Task.run(kind, () -> bus.publish(0)).result();
                        assertThat(receiving.result()).isEqualTo(new Message<>(0, 0));
                        Task<Void> using =
                                Task.run(
                                        kind,
                                        () -> {
                                            EveryCall.make(bus, used, batch);
                                            bus.close();
                                        });
                        using.result();
                    });
        }
    }

    @EachModeAndThread
    @SuppressWarnings("try") // evicted in the middle
    void publishersThatWaitGoOnWhileAnotherThreadHoldsThoseMonitors(Mode mode, ThreadKind kind)
            throws Exception {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> slow = bus.subscribe(o -> o.lossless().conflateBy(i -> i % 2));
                Receiver<Integer> impatient =
                        bus.subscribe(o -> o.lossless(Duration.ofMillis(1)))) {
            bus.publishMany(List.of(0, 1, 2, 3));
            whileAnotherThreadHoldsTheMonitorsOf(
                    List.of(bus, slow, impatient),
                    () -> {
                        Task<Long> publisher = waiting(bus, kind);
                        assertThat(Task.start(kind, slow::recv).result())
                                .isEqualTo(new Message<>(2, 2));
                        assertThat(publisher.result()).isEqualTo(4);
                        Task.start(kind, () -> bus.submitMany(List.of(5, 6))).result();
                        publisher = waiting(bus, kind);
                        assertThat(Task.start(kind, () -> bus.evict(slow.id())).result()).isTrue();
                        assertThat(publisher.result()).isEqualTo(7);
                        assertThat(impatient.depth()).isEqualTo(4);
                    });
        }
    }

    private static Task<Long> waiting(Bus<Integer> bus, ThreadKind kind) {
        return Task.start(kind, () -> bus.submit(0)).untilParkedTimed();
    }

    private static void whileAnotherThreadHoldsTheMonitorsOf(List<Object> roots, Runnable body)
            throws Exception {
        List<Object> objects = objectsOf(roots);
        assertThat(objects).hasSizeGreaterThan(10);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Task<Void> holder =
                Task.run(ThreadKind.PLATFORM, () -> hold(objects.size(), objects, held, done));
        held.await();
        try {
            body.run();
        } finally {
            done.countDown();
        }
        holder.result();
    }

    /** Takes the monitors of the first {@code count} objects and keeps them until {@code done}. */
    private static void hold(
            int count, List<Object> objects, CountDownLatch held, CountDownLatch done) {
        if (count > 0) {
            synchronized (objects.get(count - 1)) {
                hold(count - 1, objects, held, done);
            }
            return;
        }
        held.countDown();
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What can be reached from the roots and is of a class of the library, or an array, with those
     * classes.
     */
    private static List<Object> objectsOf(List<Object> roots) throws IllegalAccessException {
        Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Object> left = new ArrayList<>(roots);
        while (!left.isEmpty()) {
            Object object = left.removeLast();
            if (!found.add(object)) {
                continue;
            }
            for (Class<?> type = object.getClass();
                    type != null && type.getName().startsWith(LIBRARY);
                    type = type.getSuperclass()) {
                found.add(type);
                for (Field field : type.getDeclaredFields()) {
                    if (!field.getType().isPrimitive()
                            && !Modifier.isStatic(field.getModifiers())) {
                        field.setAccessible(true);
                        Object value = field.get(object);
                        if (value != null
                                && (value.getClass().isArray()
                                        || value.getClass().getName().startsWith(LIBRARY))) {
                            left.add(value);
                        }
                    }
                }
            }
        }
        return List.copyOf(found);
    }
}
