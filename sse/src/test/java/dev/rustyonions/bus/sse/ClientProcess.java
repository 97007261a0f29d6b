package dev.rustyonions.bus.sse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Clients in a process of their own, which stay until it is killed. */
final class ClientProcess {
    private ClientProcess() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
            clients.add(client);
            client.getOutputStream()
                    .write("GET /events HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        System.out.println("connected");
        for (Socket client : clients) {
            Thread.ofVirtual().start(() -> read(client));
        }
        while (System.in.read() >= 0) {
            // until it is killed, or the test is
        }
    }

    private static void read(Socket client) {
        try {
            client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The connection ends with this process.
        }
    }
}
