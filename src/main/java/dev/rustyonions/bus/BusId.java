package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.UUID;

/**
 * The identifier of a bus, made when it is first asked for: most buses are never asked, and a
 * random one costs more than the rest of a bus.
 *
 * <p>Thread safety: any thread may ask. All are told the same.
 */
final class BusId {
    private static final VarHandle ID =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "id", VarHandle.class, BusId.class, UUID.class);

    private volatile @Nullable UUID id;

    UUID get() {
        UUID known = id;
        if (known == null) {
            UUID made = UUID.randomUUID();
            UUID before = (UUID) ID.compareAndExchange(this, (UUID) null, made);
            known = before == null ? made : before;
        }
        return known;
    }
}
