package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What others may count on while somebody is in the middle of subscribing. */
class EnteringReceiverReplayTest {
    private final SteppedRing ring = new SteppedRing(4);
    private final Channel channel = new Channel(ring, 0, false);

    @Test
    void whoWaitsForReceiversIsNotToldOfOneThatHasNoPlaceInTheOrderYet() {
        StalledPublisherReplayTest.publish(channel, 4); // for a cell to look at
        List<Boolean> told = new ArrayList<>();
        ring.duringReads(() -> told.add(channel.awaitReceivers(1, 0)));
        new SteppedCursor(channel);
        ring.duringReads(null);
        assertThat(told).isNotEmpty().first().isEqualTo(false);
        assertThat(channel.awaitReceivers(1, 0)).isTrue();
    }
}
