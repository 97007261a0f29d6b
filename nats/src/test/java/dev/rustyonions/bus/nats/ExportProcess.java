package dev.rustyonions.bus.nats;

import dev.rustyonions.bus.Bus;

import io.nats.client.Options;

import java.util.concurrent.locks.LockSupport;

/**
 * Exports events in a process of its own, one after the other, until it is killed. Arguments:
 * server, origin, and a stream if it is to send to one.
 */
final class ExportProcess {
    private ExportProcess() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options.Builder().server(args[0]).maxReconnects(-1).build();
        try (Bus<String> bus = Bus.create(1024);
                NatsExport<String> export =
                        (args.length == 2
                                        ? Texts.export(bus, args[1])
                                        : Texts.export(bus, args[1]).stream(args[2]))
                                .options(options)
                                .lossless()
                                .start()) {
            System.out.println(export.stats().epoch());
            Parent test = new Parent();
            while (!test.isHeard()) {
                bus.submit("event");
                LockSupport.parkNanos(50_000);
            }
        }
    }
}
