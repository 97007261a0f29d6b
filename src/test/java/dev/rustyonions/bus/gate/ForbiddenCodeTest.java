package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The gate on compiled classes goes red on every kind of offence, and on nothing else. */
class ForbiddenCodeTest {

    static Stream<Arguments> offences() {
        return Stream.of(
                arguments(Planted.SynchronizedBlock.class, "method", "monitorenter"),
                arguments(Planted.SynchronizedBlock.class, "method", "monitorexit"),
                arguments(Planted.SynchronizedMethod.class, "method", "synchronized"),
                arguments(Planted.ObjectWait.class, "method", "java.lang.Object.wait"),
                arguments(Planted.ObjectWaitTimed.class, "method", "java.lang.Object.wait"),
                arguments(Planted.ObjectNotify.class, "method", "java.lang.Object.notify"),
                arguments(Planted.ObjectNotifyAll.class, "method", "java.lang.Object.notifyAll"),
                arguments(
                        Planted.ObjectNotifyByReference.class,
                        "method",
                        "java.lang.Object.notifyAll"),
                arguments(Planted.Lock.class, "method", "java.util.concurrent.locks.ReentrantLock"),
                arguments(
                        Planted.LockField.class,
                        "lock",
                        "java.util.concurrent.locks.ReentrantLock"),
                arguments(
                        Planted.LockInAGenericType.class,
                        "locks",
                        "java.util.concurrent.locks.ReentrantLock"),
                arguments(
                        Planted.Component.class,
                        "lock",
                        "java.util.concurrent.locks.ReentrantLock"),
                arguments(Planted.Bins.class, "method", "java.util.concurrent.ConcurrentHashMap"),
                arguments(
                        Planted.BinsByReference.class,
                        "method",
                        "java.util.concurrent.ConcurrentHashMap"),
                arguments(
                        Planted.CopyOnWrite.class,
                        "method",
                        "java.util.concurrent.CopyOnWriteArrayList"),
                arguments(
                        Planted.LinkedQueue.class,
                        "method",
                        "java.util.concurrent.ConcurrentLinkedDeque"),
                arguments(Planted.Sleep.class, "method", "java.lang.Thread.sleep"),
                arguments(
                        Planted.SleepInALambda.class, "lambda$method$0", "java.lang.Thread.sleep"),
                arguments(
                        Planted.SleepByUnit.class, "method", "java.util.concurrent.TimeUnit.sleep"),
                arguments(Planted.Yield.class, "method", "java.lang.Thread.yield"),
                arguments(Planted.Join.class, "method", "java.lang.Thread.join"),
                arguments(Planted.NewThread.class, "method", "java.lang.Thread.<init>"),
                arguments(Planted.ThreadStart.class, "method", "java.lang.Thread.start"),
                arguments(Planted.OwnThread.class, "class", "extends java.lang.Thread"),
                arguments(Planted.VirtualThread.class, "method", "java.lang.Thread.ofVirtual"),
                arguments(
                        Planted.VirtualThreadAtOnce.class,
                        "method",
                        "java.lang.Thread.startVirtualThread"),
                arguments(Planted.PlatformThread.class, "method", "java.lang.Thread.ofPlatform"),
                arguments(Planted.ThreadBuilder.class, "method", "java.lang.Thread$Builder"),
                arguments(
                        Planted.ShutdownHook.class, "method", "java.lang.Runtime.addShutdownHook"),
                arguments(Planted.ATimer.class, "method", "java.util.Timer"),
                arguments(Planted.ACleaner.class, "method", "java.lang.ref.Cleaner"),
                arguments(Planted.AnExecutor.class, "method", "java.util.concurrent.Executors"),
                arguments(
                        Planted.AnExecutorOfOthers.class,
                        "method",
                        "java.util.concurrent.ExecutorService"),
                arguments(Planted.Future.class, "method", "java.util.concurrent.CompletableFuture"),
                arguments(
                        Planted.Pool.class,
                        "method",
                        "java.util.concurrent.ForkJoinPool.commonPool"),
                arguments(Planted.ParallelStream.class, "method", "java.util.List.parallelStream"),
                arguments(
                        Planted.ParallelLater.class, "method", "java.util.stream.Stream.parallel"),
                arguments(Planted.FileIo.class, "method", "java.nio.file.Files"),
                arguments(Planted.StreamIo.class, "method", "java.io.OutputStream"),
                arguments(Planted.CaughtIo.class, "method", "java.io.UncheckedIOException"),
                arguments(Planted.NetIo.class, "method", "java.net.URI"),
                arguments(Planted.PrintOut.class, "method", "java.lang.System.out"),
                arguments(Planted.PrintErr.class, "method", "java.lang.System.err"),
                arguments(Planted.Reflection.class, "method", "java.lang.reflect.Method"),
                arguments(Planted.ReflectionByName.class, "method", "java.lang.Class.forName"),
                arguments(Planted.Accessible.class, "method", "java.lang.reflect.Field"),
                arguments(Planted.SystemProperty.class, "method", "java.lang.System.setProperty"),
                arguments(Planted.OldVector.class, "method", "java.util.Vector"),
                arguments(Planted.OldTable.class, "method", "java.util.Hashtable"),
                arguments(Planted.OldTables.class, "method", "java.util.Hashtable"),
                arguments(
                        Planted.SynchronizedList.class,
                        "method",
                        "java.util.Collections.synchronizedList"),
                arguments(
                        Planted.SynchronizedListByReference.class,
                        "method",
                        "java.util.Collections.synchronizedList"),
                arguments(Planted.Buffer.class, "method", "java.lang.StringBuffer"),
                arguments(Planted.Queue.class, "method", "java.lang.ref.ReferenceQueue"),
                arguments(Planted.WeakMap.class, "method", "java.util.WeakHashMap"),
                arguments(Planted.StaticField.class, "field", "non-final static field"),
                arguments(
                        Planted.StaticCounter.class,
                        "field",
                        "static java.util.concurrent.atomic.AtomicInteger"),
                arguments(
                        Planted.StaticThreadLocal.class, "field", "static java.lang.ThreadLocal"));
    }

    @ParameterizedTest
    @MethodSource("offences")
    void everyOffenceIsReportedWithClassMemberAndItem(Class<?> type, String member, String use) {
        assertThat(ForbiddenCode.in(ClassFiles.of(type), List.of()))
                .anySatisfy(
                        found -> {
                            assertThat(found.inClass()).isEqualTo(type.getName());
                            assertThat(found.member()).isEqualTo(member);
                            assertThat(found.use()).isEqualTo(use);
                            assertThat(found.toString())
                                    .startsWith(type.getName() + "." + member + " uses " + use);
                        });
    }

    /** Written by hand: the module does not read the one that Unsafe is in. */
    @Test
    void unsafeIsReported() {
        ClassWriter type = new ClassWriter(0);
        type.visit(Opcodes.V21, 0, "planted/UnsafeUse", null, "java/lang/Object", null);
        type.visitField(0, "field", "Lsun/misc/Unsafe;", null, null).visitEnd();
        assertThat(ForbiddenCode.in(new ClassReader(type.toByteArray()), List.of()))
                .extracting(Finding::inClass, Finding::member, Finding::use)
                .containsExactly(tuple("planted.UnsafeUse", "field", "sun.misc.Unsafe"));
    }

    @Test
    void everyPlantedClassHasAnOffenceExpectedOfItButTheInnocentOne() {
        List<Object> expected = offences().map(offence -> offence.get()[0]).distinct().toList();
        List<Class<?>> planted =
                Arrays.stream(Planted.class.getDeclaredClasses())
                        .filter(type -> type != Planted.Innocent.class)
                        .toList();
        assertThat(expected).containsExactlyInAnyOrderElementsOf(planted);
    }

    @Test
    void parkingVarHandlesRecordsAndSwitchesPass() {
        assertThat(ForbiddenCode.in(ClassFiles.of(Planted.Innocent.class), List.of())).isEmpty();
        assertThat(ForbiddenCode.in(ClassFiles.of(Planted.Innocent.State.class), List.of()))
                .isEmpty();
        assertThat(ForbiddenCode.in(ClassFiles.of(Planted.Innocent.Pair.class), List.of()))
                .isEmpty();
    }

    @Test
    void aPermitHoldsForItsClassAndItsUseOnly() {
        Permit own = new Permit(Planted.Yield.class.getName(), "java.lang.Thread.yield", "test");
        assertThat(ForbiddenCode.in(ClassFiles.of(Planted.Yield.class), List.of(own))).isEmpty();
        assertThat(ForbiddenCode.in(ClassFiles.of(Planted.Sleep.class), List.of(own))).isNotEmpty();
        Permit other = new Permit("another.Class", "java.lang.Thread.yield", "test");
        assertThat(ForbiddenCode.in(ClassFiles.of(Planted.Yield.class), List.of(other)))
                .isNotEmpty();
        Permit another =
                new Permit(Planted.Yield.class.getName(), "java.lang.Thread.sleep", "test");
        assertThat(ForbiddenCode.in(ClassFiles.of(Planted.Yield.class), List.of(another)))
                .isNotEmpty();
    }
}
