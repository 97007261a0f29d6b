package dev.rustyonions.bus.bench.peer;

/** One subscription: what its thread runs. */
@FunctionalInterface
public interface Feed {
    /** Receives until the end of the stream, entering all in the ledger. */
    void run(Ledger ledger) throws Exception;
}
