package dev.rustyonions.bus.crowd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What one writes first: a list of clients, and a loop that writes to each. On the same server as
 * the feed; each event is encoded once.
 */
final class LoopOutlet implements Outlet {
    private record Client(HttpExchange exchange, boolean wantsLong) {
        void write(byte[] frame) throws IOException {
            OutputStream body = exchange.getResponseBody();
            body.write(frame);
            body.flush();
        }
    }

    private final List<Client> clients = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    LoopOutlet() throws IOException {
        server = HttpServer.create(Outlet.anyPort(), BACKLOG);
        server.setExecutor(threads);
        server.createContext("/events", this::connect);
        server.start();
    }

    private void connect(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=UTF-8");
        exchange.sendResponseHeaders(200, 0);
        Client client = new Client(exchange, "long".equals(exchange.getRequestURI().getQuery()));
        client.write(OPENING.getBytes(UTF_8));
        clients.add(client);
    }

    @Override
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void publish(Event event) {
        byte[] frame = frame(event.toJson());
        byte[] longFrame = frame(event.toLongJson());
        List<Client> gone = new ArrayList<>();
        for (Client client : clients) {
            try {
                client.write(client.wantsLong() ? longFrame : frame);
            } catch (IOException e) {
                gone.add(client);
                client.exchange().close();
            }
        }
        clients.removeAll(gone);
    }

    static byte[] frame(String json) {
        return ("data: " + json + "\n\n").getBytes(UTF_8);
    }

    @Override
    public int clients() {
        return clients.size();
    }

    @Override
    public void end() {
        clients.forEach(client -> client.exchange().close());
        clients.clear();
    }

    @Override
    public void close() {
        threads.close();
        server.stop(0);
    }
}
