package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** A handler that is blocked in a write to a client that does not read. */
class BlockedHandlerTest {

    /** What frees a thread that sits in a write. */
    private interface Freeing {
        void free(Thread writer, Socket socket) throws IOException;
    }

    @EachMode
    void theCloseOfTheReceiverDoesNotEndAWriteAndTheCloseOfTheSocketDoes(Mode mode)
            throws Exception {
        writeUntil(mode, (writer, socket) -> socket.close());
    }

    @EachMode
    void anInterruptEndsAVirtualThreadsWriteToASocket(Mode mode) throws Exception {
        writeUntil(mode, (writer, socket) -> writer.interrupt());
    }

    @SuppressWarnings("try") // closed early, to show that it does not help
    private static void writeUntil(Mode mode, Freeing freeing) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket socket = server.accept();
                Bus<Integer> bus = Buses.open(mode, 4)) {
            assertThat(client.isConnected()).isTrue();
            Receiver<Integer> rx = bus.subscribe();
            bus.publish(1);
            CountDownLatch handling = new CountDownLatch(1);
            Task<IOException> writing =
                    Task.start(ThreadKind.VIRTUAL, () -> failureOf(rx, socket, handling));
            handling.await();
            writing.untilParked();

            rx.close();
            bus.close();
            assertThat(writing.thread().getState()).isEqualTo(Thread.State.WAITING);
            freeing.free(writing.thread(), socket);
            assertThat(writing.result()).isNotNull();
        }
    }

    /** Receives one event and writes for it until the write fails. */
    private static IOException failureOf(
            Receiver<Integer> rx, Socket socket, CountDownLatch handling) {
        IOException[] failure = new IOException[1];
        rx.consume(
                event -> {
                    handling.countDown();
                    try {
                        writeForEver(socket.getOutputStream());
                    } catch (IOException e) {
                        failure[0] = e;
                    }
                },
                missed -> {});
        return failure[0];
    }

    private static void writeForEver(OutputStream out) throws IOException {
        byte[] chunk = new byte[65536];
        while (true) {
            out.write(chunk);
        }
    }
}
