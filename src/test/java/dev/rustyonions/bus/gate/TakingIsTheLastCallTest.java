package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Receiver;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * After a receive has taken its message, nothing is called any more that could fail and keep the
 * message from the caller, for want of stack for instance: the compiled method tells.
 */
class TakingIsTheLastCallTest {
    /** A call, and where in the method it stands. */
    private record Call(String name, int at) {}

    /** What the compiled method consists of, as far as it matters here. */
    private static final class Method extends MethodVisitor {
        final List<Call> calls = new ArrayList<>();
        final List<Integer> returns = new ArrayList<>();
        private final Map<Label, Integer> labels = new HashMap<>();
        private final List<Label[]> guarded = new ArrayList<>();
        private int at;

        Method() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
            if (type == null || type.equals("java/lang/Throwable")) {
                guarded.add(new Label[] {start, end});
            }
        }

        @Override
        public void visitLabel(Label label) {
            labels.put(label, at);
        }

        @Override
        public void visitMethodInsn(
                int opcode, String owner, String name, String type, boolean isInterface) {
            calls.add(new Call(name, at++));
        }

        /** Its first run links it, which takes more stack than most calls. */
        @Override
        public void visitInvokeDynamicInsn(
                String name, String type, Handle bootstrap, Object... arguments) {
            calls.add(new Call(name, at++));
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.ARETURN) {
                returns.add(at);
            }
        }

        boolean isGuarded(Call call) {
            return guarded.stream()
                    .anyMatch(
                            range ->
                                    labels.get(range[0]) <= call.at
                                            && call.at < labels.get(range[1]));
        }
    }

    private static Method compiled(String className, String method) throws Exception {
        Method found = new Method();
        ClassFiles.of(Class.forName(className))
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String type, String sig, String[] ex) {
                                return name.equals(method) ? found : null;
                            }
                        },
                        0);
        return found;
    }

    @Test
    void whatFollowsItInAReceiveIsGuarded() throws Exception {
        String receiver = Receiver.class.getPackageName() + ".BusReceiver";
        assertWhatFollowsIsGuarded(compiled(receiver, "step"), "takeDelivered");
        assertWhatFollowsIsGuarded(compiled(receiver, "filtered"), "countAccepted");
        assertWhatFollowsIsGuarded(compiled(receiver, "conflated"), "takeDelivered");
    }

    /** All that is called between that call and the next return of a message is guarded. */
    private static void assertWhatFollowsIsGuarded(Method method, String taking) {
        assertThat(method.calls).extracting(Call::name).containsOnlyOnce(taking);
        int taken =
                method.calls.stream()
                        .filter(call -> call.name.equals(taking))
                        .mapToInt(Call::at)
                        .sum();
        int returned = method.returns.stream().filter(at -> at > taken).findFirst().orElseThrow();
        assertThat(method.calls)
                .filteredOn(call -> call.at > taken && call.at < returned)
                .isNotEmpty()
                .allMatch(method::isGuarded);
    }

    @Test
    void nothingFollowsItInAReceiveOfWhatIsThere() throws Exception {
        String receiver = Receiver.class.getPackageName() + ".BusReceiver";
        assertNothingFollows(compiled(receiver, "recv"), "next");
        assertNothingFollows(compiled(receiver, "tryRecv"), "next");
        assertNothingFollows(compiled(receiver, "recvTimeout"), "next");
        assertNothingFollows(compiled(receiver, "next"), "takeNext");
        assertNothingFollows(
                compiled(Receiver.class.getPackageName() + ".ring.Cursor", "takeNext"), "deliver");
    }

    /** Nothing is called between that call and the return of what it has taken. */
    private static void assertNothingFollows(Method method, String taking) {
        assertThat(method.calls).extracting(Call::name).containsOnlyOnce(taking);
        int taken =
                method.calls.stream()
                        .filter(call -> call.name.equals(taking))
                        .mapToInt(Call::at)
                        .sum();
        assertThat(method.returns).anyMatch(at -> at == taken + 1);
    }

    @Test
    void itIsOneCallOfTheAccount() throws Exception {
        String cursor = Receiver.class.getPackageName() + ".ring.Cursor";
        for (String method : List.of("takeDelivered", "takeFiltered", "takeConflated")) {
            Method take = compiled(cursor, method);
            List<Call> steps =
                    take.calls.stream()
                            .filter(call -> call.name.matches("deliver.*|filter.*|conflate.*"))
                            .filter(call -> !call.name.endsWith("Plain"))
                            .toList();
            // One for a message of the ring, one for a message in hand; never both.
            assertThat(steps).hasSize(2);
            assertThat(take.calls)
                    .filteredOn(call -> call.at > steps.getLast().at)
                    .allMatch(take::isGuarded);
        }
    }
}
