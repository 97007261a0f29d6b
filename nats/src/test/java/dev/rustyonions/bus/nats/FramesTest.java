package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Several events in one body, there and back. */
class FramesTest {
    @Test
    void whatIsJoinedComesApartAgain() {
        Random chance = new Random(7);
        List<byte[]> events =
                IntStream.range(0, 200)
                        .mapToObj(
                                i -> {
                                    byte[] event = new byte[chance.nextInt(300)];
                                    chance.nextBytes(event);
                                    return event;
                                })
                        .toList();
        Frames frames = new Frames(Frames.join(events));
        for (byte[] event : events) {
            assertThat(frames.next()).isEqualTo(event);
        }
        assertThat(frames.next()).isNull();
    }

    @Test
    void aLengthThatIsNotThereEndsIt() {
        for (byte[] body :
                List.of(
                        new byte[] {0, 0, 0, 2, 9},
                        new byte[] {-1, -1, -1, -1, 9},
                        new byte[] {0x7f, -1, -1, -1, 9},
                        new byte[] {0, 0, 0})) {
            Frames frames = new Frames(body);
            assertThat(frames.next()).isNull();
            assertThat(frames.next()).isNull();
        }
    }

    /** Whatever comes from outside, it comes to an end and stays within the body. */
    @Test
    void anyBytesComeToAnEnd() {
        Random chance = new Random(11);
        for (int round = 0; round < 10_000; round++) {
            byte[] body = new byte[chance.nextInt(40)];
            for (int i = 0; i < body.length; i++) {
                body[i] = (byte) chance.nextInt(-1, 6);
            }
            Frames frames = new Frames(body);
            int taken = 0;
            for (byte[] event = frames.next(); event != null; event = frames.next()) {
                taken += Frames.OVERHEAD + event.length;
            }
            assertThat(taken).isLessThanOrEqualTo(body.length);
        }
    }
}
