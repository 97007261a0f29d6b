package dev.rustyonions.bus.example.audit;

import java.util.Objects;

/** A change of a balance. */
public record Change(String account, long cents) {
    public Change {
        Objects.requireNonNull(account, "account");
    }
}
