package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Checks that the accounts of an export and of an import of it balance, from all sides. */
final class Accounts {
    private Accounts() {}

    /**
     * Waits until the import knows of everything that the export has numbered, then checks:
     *
     * <ul>
     *   <li>of what was published, as the publisher counted, all is numbered or filtered;
     *   <li>what is numbered was sent, or not sent with a cause;
     *   <li>what is numbered has arrived or is lost with a cause, as the import counts, and as one
     *       counts who follows its bus;
     *   <li>what was not sent is lost with the same cause, number for number.
     * </ul>
     */
    static void balance(
            long published,
            ExportStats export,
            String origin,
            NatsImport<?> imported,
            Follower follower) {
        assertThat(export.numbered() + export.filtered()).as("published").isEqualTo(published);
        assertThat(export.sent() + export.unsentInAll()).as("sent").isEqualTo(export.numbered());
        OriginStats there = awaitNext(export.numbered(), origin, imported);
        assertThat(there.arrived() + there.lostInAll())
                .as("arrived and lost: %s", there)
                .isEqualTo(export.numbered());
        Follower.Seen seen = follower.of(origin);
        NatsServer.await()
                .untilAsserted(
                        () ->
                                assertThat(seen.arrived + seen.lostInAll())
                                        .as("followed")
                                        .isEqualTo(export.numbered()));
        follower.check();
        assertThat(seen.arrived).isEqualTo(there.arrived());
        assertThat(seen.lost).isEqualTo(there.lost());
        for (Cause cause : Cause.UNSENT) {
            assertThat(there.lost().getOrDefault(cause, 0L))
                    .as("%s", cause)
                    .isEqualTo(export.unsent().getOrDefault(cause, 0L));
        }
    }

    /** Waits until the import has come to that number of an origin; the account then. */
    static OriginStats awaitNext(long next, String origin, NatsImport<?> imported) {
        NatsServer.await()
                .untilAsserted(() -> assertThat(stats(origin, imported).next()).isEqualTo(next));
        return stats(origin, imported);
    }

    /** The account of an origin; an empty one if it is not known. */
    static OriginStats stats(String origin, NatsImport<?> imported) {
        return imported.stats().origins().stream()
                .filter(stats -> stats.origin().equals(origin))
                .findFirst()
                .orElse(new OriginStats(origin, -1, 0, Map.of(), 0, 0, 0, false, false));
    }
}
