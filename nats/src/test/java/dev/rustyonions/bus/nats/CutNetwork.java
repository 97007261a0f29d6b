package dev.rustyonions.bus.nats;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace with two links to it, each of which can be cut, mended and slowed down. For
 * root on Linux; elsewhere there is none.
 */
final class CutNetwork implements AutoCloseable {
    private static final AtomicInteger MADE = new AtomicInteger();

    private final int made = MADE.getAndIncrement();
    private final String name = "ron" + ProcessHandle.current().pid() + "n" + made;
    private final int network = (int) (ProcessHandle.current().pid() % 250);

    private CutNetwork() {}

    /** One for a test, which is skipped where none may be made. */
    static CutNetwork orSkip() {
        CutNetwork network = ifAllowed().orElse(null);
        assumeTrue(network != null, "no network namespace may be made here");
        return Objects.requireNonNull(network);
    }

    static Optional<CutNetwork> ifAllowed() {
        CutNetwork network = new CutNetwork();
        if (!runs("ip", "netns", "add", network.name)) {
            return Optional.empty();
        }
        network.makeLinks();
        return Optional.of(network);
    }

    private void makeLinks() {
        for (int link = 0; link < 2; link++) {
            run("ip", "link", "add", here(link), "type", "veth", "peer", "name", there(link));
            run("ip", "link", "set", there(link), "netns", name);
            run("ip", "addr", "add", address(link, 1) + "/30", "dev", here(link));
            run("ip", "-n", name, "addr", "add", address(link, 2) + "/30", "dev", there(link));
            run("ip", "-n", name, "link", "set", there(link), "up");
            mend(link);
        }
    }

    private String here(int link) {
        return name + "a" + link;
    }

    private String there(int link) {
        return name + "b" + link;
    }

    private String address(int link, int end) {
        return "10.213." + network + "." + (8 * made + 4 * link + end);
    }

    /** What runs a program in the namespace, and is that program then. */
    List<String> runner() {
        return List.of("ip", "netns", "exec", name);
    }

    /** The address in the namespace to which a link leads. */
    String server(int link) {
        return address(link, 2);
    }

    void cut(int link) {
        run("ip", "link", "set", here(link), "down");
    }

    void mend(int link) {
        run("ip", "link", "set", here(link), "up");
    }

    /** Makes a link slow, in both directions; skips the test where the kernel has no such means. */
    void slowDown(int link, String how) {
        List<String> there = List.of("ip", "netns", "exec", name);
        assumeTrue(
                runs(discipline(List.of(), here(link), how))
                        && runs(discipline(there, there(link), how)),
                "no queueing discipline of tc: " + how);
    }

    private static String[] discipline(List<String> runner, String device, String how) {
        List<String> command = new ArrayList<>(runner);
        command.addAll(List.of("tc", "qdisc", "add", "dev", device, "root"));
        command.addAll(List.of(how.split(" ")));
        return command.toArray(String[]::new);
    }

    @Override
    public void close() {
        for (int link = 0; link < 2; link++) {
            run("ip", "link", "del", here(link));
        }
        run("ip", "netns", "del", name);
    }

    private static void run(String... command) {
        if (!runs(command)) {
            throw new AssertionError(String.join(" ", command) + " has failed");
        }
    }

    private static boolean runs(String... command) {
        try {
            return new ProcessBuilder(new ArrayList<>(List.of(command)))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such program
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
