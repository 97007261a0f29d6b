package dev.rustyonions.bus.gate;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;
import org.objectweb.asm.Type;
import org.objectweb.asm.signature.SignatureReader;
import org.objectweb.asm.signature.SignatureVisitor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks through a compiled class for what the library must not contain: monitors, locks, threads,
 * timers, I/O, reflection and global mutable state.
 *
 * <p>It reads class files rather than sources, so that what javac makes of lambdas, records and
 * switches is seen too. What a called JDK method does inside is out of its sight; therefore whole
 * types that lock or start threads inside are refused by name, and {@code java.util.concurrent} is
 * refused but for a short list.
 */
final class ForbiddenCode {

    /** Of {@code java.util.concurrent} only these, each with the reason why it holds no lock. */
    private static final Map<String, String> ALLOWED_CONCURRENT =
            Map.ofEntries(
                    Map.entry(
                            "java.util.concurrent.locks.LockSupport",
                            "the one way in which a thread blocks here"),
                    Map.entry("java.util.concurrent.TimeUnit", "arithmetic on durations"),
                    Map.entry("java.util.concurrent.Executor", "an interface, a user's threads"),
                    Map.entry("java.util.concurrent.Flow", "interfaces"),
                    Map.entry("java.util.concurrent.Flow$Publisher", "an interface"),
                    Map.entry("java.util.concurrent.Flow$Subscriber", "an interface"),
                    Map.entry("java.util.concurrent.Flow$Subscription", "an interface"),
                    Map.entry("java.util.concurrent.CancellationException", "an exception"),
                    Map.entry(
                            "java.util.concurrent.ConcurrentLinkedQueue",
                            "a lock-free queue (Michael and Scott 1996)"),
                    Map.entry(
                            "java.util.concurrent.ThreadLocalRandom", "state in the thread itself"),
                    Map.entry(
                            "java.util.concurrent.ForkJoinPool",
                            "a thread of a user's pool tells that pool that it is about to park"),
                    Map.entry(
                            "java.util.concurrent.ForkJoinPool$ManagedBlocker",
                            "what it tells it with"),
                    Map.entry(
                            "java.util.concurrent.ForkJoinWorkerThread",
                            "a type that a thread is tested for"),
                    Map.entry(
                            "java.util.concurrent.RejectedExecutionException",
                            "what a pool that can start no thread throws"),
                    Map.entry(
                            "java.util.concurrent.atomic.AtomicBoolean",
                            "one compare-and-set cell"),
                    Map.entry(
                            "java.util.concurrent.atomic.AtomicInteger",
                            "one compare-and-set cell"),
                    Map.entry("java.util.concurrent.atomic.AtomicLong", "one compare-and-set cell"),
                    Map.entry(
                            "java.util.concurrent.atomic.AtomicReference",
                            "one compare-and-set cell"),
                    Map.entry(
                            "java.util.concurrent.atomic.AtomicReferenceArray",
                            "compare-and-set cells"));

    private static final String CONCURRENT =
            "of java.util.concurrent only "
                    + ALLOWED_CONCURRENT.keySet().stream().sorted().toList()
                    + " are allowed";
    private static final String MONITOR =
            "nothing may be locked; threads block in LockSupport.park* only";
    private static final String BLOCKS = "threads block in LockSupport.park* only";
    private static final String THREADS = "the library creates no threads and no timers";
    private static final String IO = "the library does no I/O; it logs through System.Logger";
    private static final String REFLECTION = "no reflection and no Unsafe; use VarHandle";
    private static final String LOCKS_INSIDE = "it locks inside";
    private static final String GLOBAL = "no global mutable state; keep it in the bus";

    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("java.util.Timer", THREADS),
                    Map.entry("java.util.TimerTask", THREADS),
                    Map.entry("java.lang.Thread$Builder", THREADS),
                    Map.entry("java.lang.Thread$Builder$OfVirtual", THREADS),
                    Map.entry("java.lang.Thread$Builder$OfPlatform", THREADS),
                    Map.entry("java.lang.ThreadGroup", THREADS),
                    Map.entry("java.lang.ref.Cleaner", THREADS),
                    Map.entry("java.lang.ref.Cleaner$Cleanable", THREADS),
                    Map.entry("java.lang.Process", THREADS),
                    Map.entry("java.lang.ProcessBuilder", THREADS),
                    Map.entry(
                            "java.lang.ref.ReferenceQueue",
                            LOCKS_INSIDE + "; sweep weak references instead"),
                    Map.entry(
                            "java.util.WeakHashMap",
                            LOCKS_INSIDE + "; sweep weak references instead"),
                    Map.entry("java.util.Vector", LOCKS_INSIDE),
                    Map.entry("java.util.Stack", LOCKS_INSIDE),
                    Map.entry("java.util.Hashtable", LOCKS_INSIDE),
                    Map.entry("java.util.Dictionary", LOCKS_INSIDE),
                    Map.entry("java.util.Properties", LOCKS_INSIDE),
                    Map.entry("java.lang.StringBuffer", LOCKS_INSIDE),
                    Map.entry("sun.misc.Unsafe", REFLECTION));

    private static final Map<String, String> PACKAGES =
            Map.of(
                    "java.util.concurrent.", CONCURRENT,
                    "java.io.", IO,
                    "java.nio.file.", IO,
                    "java.nio.channels.", IO,
                    "java.net.", IO,
                    "java.util.logging.", IO,
                    "java.lang.reflect.", REFLECTION,
                    "jdk.internal.", REFLECTION,
                    "sun.", REFLECTION);

    private static final Map<String, String> CALLS =
            Map.ofEntries(
                    Map.entry("java.lang.Thread.<init>", THREADS),
                    Map.entry("java.lang.Thread.start", THREADS),
                    Map.entry("java.lang.Thread.startVirtualThread", THREADS),
                    Map.entry("java.lang.Thread.ofVirtual", THREADS),
                    Map.entry("java.lang.Thread.ofPlatform", THREADS),
                    Map.entry("java.lang.Thread.sleep", BLOCKS),
                    Map.entry(
                            "java.lang.Thread.yield",
                            "publishers and receivers yield by permit only"),
                    Map.entry("java.lang.Thread.join", BLOCKS),
                    Map.entry("java.util.concurrent.TimeUnit.sleep", BLOCKS),
                    Map.entry("java.util.concurrent.TimeUnit.timedWait", BLOCKS),
                    Map.entry("java.util.concurrent.TimeUnit.timedJoin", BLOCKS),
                    Map.entry("java.lang.Runtime.addShutdownHook", THREADS),
                    Map.entry("java.lang.Runtime.exec", THREADS),
                    Map.entry("java.lang.System.setProperty", GLOBAL),
                    Map.entry("java.lang.System.setProperties", GLOBAL),
                    Map.entry("java.lang.System.clearProperty", GLOBAL),
                    Map.entry("java.util.Locale.setDefault", GLOBAL),
                    Map.entry("java.util.TimeZone.setDefault", GLOBAL),
                    Map.entry("java.lang.System.out", IO),
                    Map.entry("java.lang.System.err", IO),
                    Map.entry("java.lang.System.in", IO),
                    Map.entry("java.lang.Class.forName", REFLECTION));

    private static final Set<String> MONITOR_METHODS =
            Set.of("wait()V", "wait(J)V", "wait(JI)V", "notify()V", "notifyAll()V");

    private ForbiddenCode() {}

    static List<Finding> in(ClassReader type, List<Permit> permits) {
        Set<Finding> findings = new LinkedHashSet<>();
        type.accept(
                new Look(type.getClassName().replace('/', '.'), findings), ClassReader.SKIP_DEBUG);
        findings.removeIf(
                found ->
                        permits.stream()
                                .anyMatch(
                                        permit ->
                                                permit.inClass().equals(found.inClass())
                                                        && permit.use().equals(found.use())));
        return List.copyOf(findings);
    }

    /** Why the type must not be used, or null if it may. */
    private static @Nullable String ruleForType(String type) {
        if (ALLOWED_CONCURRENT.containsKey(type)) {
            return null;
        }
        String rule = TYPES.get(type);
        if (rule != null) {
            return rule;
        }
        for (Map.Entry<String, String> refused : PACKAGES.entrySet()) {
            if (type.startsWith(refused.getKey())) {
                return refused.getValue();
            }
        }
        return null;
    }

    /** Why the method or field must not be used, or null if it may. */
    private static @Nullable String ruleForMember(String owner, String name, String descriptor) {
        if (MONITOR_METHODS.contains(name + descriptor)) {
            return MONITOR;
        }
        if (owner.equals("java.util.concurrent.ForkJoinPool") && !name.equals("managedBlock")) {
            return THREADS;
        }
        if (owner.equals("java.util.Collections") && name.startsWith("synchronized")) {
            return LOCKS_INSIDE;
        }
        if (name.equals("parallelStream")
                || name.equals("parallel") && owner.startsWith("java.util.stream.")) {
            return THREADS;
        }
        return CALLS.get(owner + "." + name);
    }

    private static final class Look extends ClassVisitor {
        private final String className;
        private final Set<Finding> findings;

        Look(String className, Set<Finding> findings) {
            super(Opcodes.ASM9);
            this.className = className;
            this.findings = findings;
        }

        @Override
        public void visit(
                int version,
                int access,
                String name,
                @Nullable String signature,
                @Nullable String superName,
                String @Nullable [] interfaces) {
            if (superName != null) {
                type("class", superName);
                if (superName.equals("java/lang/Thread")) {
                    found("class", "extends java.lang.Thread", THREADS);
                }
            }
            if (interfaces != null) {
                for (String implemented : interfaces) {
                    type("class", implemented);
                }
            }
            signature("class", signature);
        }

        @Override
        public @Nullable RecordComponentVisitor visitRecordComponent(
                String name, String descriptor, @Nullable String signature) {
            descriptor(name, descriptor);
            signature(name, signature);
            return null;
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                @Nullable Object value) {
            descriptor(name, descriptor);
            signature(name, signature);
            if ((access & Opcodes.ACC_STATIC) != 0) {
                String type = Type.getType(descriptor).getClassName();
                if ((access & Opcodes.ACC_FINAL) == 0) {
                    found(name, "non-final static field", GLOBAL);
                } else if (type.startsWith("java.util.concurrent.atomic.")
                        || type.equals("java.lang.ThreadLocal")) {
                    found(name, "static " + type, GLOBAL);
                }
            }
            return null;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
                found(name, "synchronized", MONITOR);
            }
            descriptor(name, descriptor);
            signature(name, signature);
            if (exceptions != null) {
                for (String exception : exceptions) {
                    type(name, exception);
                }
            }
            return new Body(name);
        }

        private void found(String member, String use, String rule) {
            findings.add(new Finding(className, member, use, rule));
        }

        /** A type by its internal name, an array's by its descriptor. */
        private void type(String member, String internalName) {
            type(member, Type.getObjectType(internalName));
        }

        private void type(String member, Type type) {
            switch (type.getSort()) {
                case Type.ARRAY -> type(member, type.getElementType());
                case Type.METHOD -> {
                    type(member, type.getReturnType());
                    for (Type argument : type.getArgumentTypes()) {
                        type(member, argument);
                    }
                }
                case Type.OBJECT -> {
                    String rule = ruleForType(type.getClassName());
                    if (rule != null) {
                        found(member, type.getClassName(), rule);
                    }
                }
                default -> {}
            }
        }

        private void descriptor(String member, String descriptor) {
            type(member, Type.getType(descriptor));
        }

        private void signature(String member, @Nullable String signature) {
            if (signature != null) {
                new SignatureReader(signature)
                        .accept(
                                new SignatureVisitor(Opcodes.ASM9) {
                                    @Override
                                    public void visitClassType(String name) {
                                        type(member, name);
                                    }
                                });
            }
        }

        private void member(String in, String owner, String name, String descriptor) {
            type(in, owner);
            descriptor(in, descriptor);
            String ownerName = Type.getObjectType(owner).getClassName();
            String rule = ruleForMember(ownerName, name, descriptor);
            if (rule != null) {
                String declaredBy = rule.equals(MONITOR) ? "java.lang.Object" : ownerName;
                found(in, declaredBy + "." + name, rule);
            }
        }

        private final class Body extends MethodVisitor {
            private final String method;

            Body(String method) {
                super(Opcodes.ASM9);
                this.method = method;
            }

            @Override
            public void visitInsn(int opcode) {
                if (opcode == Opcodes.MONITORENTER) {
                    found(method, "monitorenter", MONITOR);
                } else if (opcode == Opcodes.MONITOREXIT) {
                    found(method, "monitorexit", MONITOR);
                }
            }

            @Override
            public void visitTypeInsn(int opcode, String type) {
                type(method, type);
            }

            @Override
            public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
                member(method, owner, name, descriptor);
            }

            @Override
            public void visitMethodInsn(
                    int opcode, String owner, String name, String descriptor, boolean isInterface) {
                member(method, owner, name, descriptor);
            }

            @Override
            public void visitInvokeDynamicInsn(
                    String name, String descriptor, Handle bootstrap, Object... arguments) {
                descriptor(method, descriptor);
                for (Object argument : arguments) {
                    constant(argument);
                }
            }

            @Override
            public void visitLdcInsn(Object value) {
                constant(value);
            }

            @Override
            public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
                descriptor(method, descriptor);
            }

            @Override
            public void visitTryCatchBlock(
                    Label start, Label end, Label handler, @Nullable String type) {
                if (type != null) {
                    type(method, type);
                }
            }

            private void constant(Object value) {
                switch (value) {
                    case Type type -> type(method, type);
                    case Handle handle ->
                            member(method, handle.getOwner(), handle.getName(), handle.getDesc());
                    case ConstantDynamic dynamic -> {
                        descriptor(method, dynamic.getDescriptor());
                        for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
                            constant(dynamic.getBootstrapMethodArgument(i));
                        }
                    }
                    default -> {}
                }
            }
        }
    }
}
