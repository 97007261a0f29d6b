package dev.rustyonions.bus.gate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** One offence each, for the gate to find, and one class that it must let pass. */
@SuppressWarnings("all")
final class Planted {

    private Planted() {}

    static final class SynchronizedBlock {
        int count;

        void method() {
            synchronized (this) {
                count++;
            }
        }
    }

    static final class SynchronizedMethod {
        synchronized void method() {}
    }

    static final class ObjectWait {
        void method() throws InterruptedException {
            wait();
        }
    }

    static final class ObjectWaitTimed {
        void method(Object other) throws InterruptedException {
            other.wait(1);
        }
    }

    static final class ObjectNotify {
        void method() {
            notify();
        }
    }

    static final class ObjectNotifyAll {
        void method(String other) {
            other.notifyAll();
        }
    }

    static final class ObjectNotifyByReference {
        Runnable method(Object other) {
            return other::notifyAll;
        }
    }

    static final class Lock {
        void method() {
            new ReentrantLock().lock();
        }
    }

    static final class LockField {
        @Nullable ReentrantLock lock;
    }

    static final class LockInAGenericType {
        List<ReentrantLock> locks = new ArrayList<>();
    }

    static final class Bins {
        void method() {
            new ConcurrentHashMap<String, String>().put("a", "b");
        }
    }

    static final class BinsByReference {
        Supplier<Map<String, String>> method() {
            return ConcurrentHashMap::new;
        }
    }

    static final class CopyOnWrite {
        void method() {
            new CopyOnWriteArrayList<String>();
        }
    }

    static final class LinkedQueue {
        void method() {
            new ConcurrentLinkedDeque<String>();
        }
    }

    static final class Sleep {
        void method() throws InterruptedException {
            Thread.sleep(1);
        }
    }

    static final class SleepInALambda {
        Runnable method() {
            return () -> {
                try {
                    Thread.sleep(1);
                } catch (InterruptedException e) {
                    return;
                }
            };
        }
    }

    static final class SleepByUnit {
        void method() throws InterruptedException {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    static final class Yield {
        void method() {
            Thread.yield();
        }
    }

    static final class Join {
        void method(Thread other) throws InterruptedException {
            other.join();
        }
    }

    static final class NewThread {
        Object method(Runnable task) {
            return new Thread(task);
        }
    }

    static final class ThreadStart {
        void method(Thread thread) {
            thread.start();
        }
    }

    static final class OwnThread extends Thread {}

    static final class VirtualThread {
        void method(Runnable task) {
            Thread.ofVirtual().start(task);
        }
    }

    static final class VirtualThreadAtOnce {
        void method(Runnable task) {
            Thread.startVirtualThread(task);
        }
    }

    static final class PlatformThread {
        void method(Runnable task) {
            Thread.ofPlatform().start(task);
        }
    }

    static final class ThreadBuilder {
        Thread method(Thread.Builder builder, Runnable task) {
            return builder.unstarted(task);
        }
    }

    static final class ShutdownHook {
        void method(Thread hook) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
    }

    static final class ATimer {
        void method() {
            new Timer();
        }
    }

    static final class ACleaner {
        void method() {
            Cleaner.create();
        }
    }

    static final class AnExecutor {
        void method() {
            Executors.newCachedThreadPool();
        }
    }

    static final class AnExecutorOfOthers {
        void method(ExecutorService executor) {
            executor.shutdown();
        }
    }

    static final class Future {
        Object method() {
            return CompletableFuture.completedFuture("");
        }
    }

    static final class Pool {
        Object method() {
            return ForkJoinPool.commonPool();
        }
    }

    static final class ParallelStream {
        Object method(List<String> list) {
            return list.parallelStream();
        }
    }

    static final class ParallelLater {
        Object method(List<String> list) {
            return list.stream().parallel();
        }
    }

    static final class FileIo {
        boolean method() {
            return Files.exists(Path.of("x"));
        }
    }

    static final class StreamIo {
        void method(java.io.OutputStream out) throws IOException {
            out.write(1);
        }
    }

    static final class CaughtIo {
        void method(Runnable task) {
            try {
                task.run();
            } catch (UncheckedIOException e) {
                return;
            }
        }
    }

    static final class NetIo {
        Object method() {
            return URI.create("x:y");
        }
    }

    static final class PrintOut {
        void method() {
            System.out.println();
        }
    }

    static final class PrintErr {
        Object method() {
            return System.err;
        }
    }

    static final class Reflection {
        Object method() throws ReflectiveOperationException {
            return String.class.getDeclaredMethod("length");
        }
    }

    static final class ReflectionByName {
        Object method() throws ReflectiveOperationException {
            return Class.forName("x");
        }
    }

    static final class Accessible {
        void method(java.lang.reflect.Field field) {
            field.setAccessible(true);
        }
    }

    static final class SystemProperty {
        void method() {
            System.setProperty("ron.cap", "512");
        }
    }

    static final class OldVector {
        Object method() {
            return new Vector<String>();
        }
    }

    static final class OldTable {
        Object method() {
            return new Hashtable<String, String>();
        }
    }

    static final class OldTables {
        Object method() {
            return new Hashtable<?, ?>[1][1];
        }
    }

    static final class SynchronizedList {
        Object method() {
            return Collections.synchronizedList(new ArrayList<String>());
        }
    }

    static final class SynchronizedListByReference {
        Function<List<String>, List<String>> method() {
            return Collections::synchronizedList;
        }
    }

    static final class Buffer {
        Object method() {
            return new StringBuffer();
        }
    }

    static final class Queue {
        Object method() {
            return new ReferenceQueue<String>();
        }
    }

    static final class WeakMap {
        Object method() {
            return new WeakHashMap<String, String>();
        }
    }

    static final class StaticField {
        static int field;
    }

    static final class StaticCounter {
        static final AtomicInteger field = new AtomicInteger();
    }

    static final class StaticThreadLocal {
        static final ThreadLocal<String> field = new ThreadLocal<>();
    }

    record Component(@Nullable ReentrantLock lock) {}

    /** What the library does use: none of it may be found. */
    static final class Innocent {
        private static final int CONSTANT = 1;
        private final AtomicLong counter = new AtomicLong();
        private final WeakReference<String> reference = new WeakReference<>("a");

        enum State {
            ARMED,
            IDLE
        }

        record Pair(long sequence, String event) {}

        String method(State state, Object value) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1));
            Thread.onSpinWait();
            LockSupport.unpark(Thread.currentThread());
            Runnable lambda = () -> counter.incrementAndGet();
            lambda.run();
            String text =
                    switch (state) {
                        case ARMED -> "armed";
                        case IDLE -> "idle" + reference.get() + CONSTANT;
                    };
            return switch (value) {
                case Pair(long sequence, String event) -> text + sequence + event;
                default -> throw new IllegalStateException(text);
            };
        }
    }
}
