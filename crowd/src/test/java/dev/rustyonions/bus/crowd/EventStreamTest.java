package dev.rustyonions.bus.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A client counts what it is sent, however it is cut, and takes nothing for what it is not. */
class EventStreamTest {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                    + "Transfer-encoding: chunked\r\n\r\n";
    private static final String END = "0\r\n\r\n";

    private final EventStream stream = new EventStream();
    private final List<Long> times = new ArrayList<>();

    private static String frame(int number) {
        return "id: 3c0e/"
                + number
                + "\ndata: "
                + new Event(number, 100 + number).toJson()
                + "\n\n";
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private void take(String text) {
        stream.take(ByteBuffer.wrap(text.getBytes(US_ASCII)), times::add);
    }

    private static String cut(String text, int size) {
        StringBuilder chunks = new StringBuilder();
        for (int i = 0; i < text.length(); i += size) {
            chunks.append(chunk(text.substring(i, Math.min(text.length(), i + size))));
        }
        return chunks.toString();
    }

    @Test
    void eventsAreCountedWhereverChunksAndReadsCutThem() {
        String body = Outlet.OPENING + frame(0) + ": heartbeat\n\n" + frame(1) + frame(2);
        for (int size = 1; size < 300; size += 7) {
            EventStream each = new EventStream();
            String sent = HEAD + cut(body, size) + END;
            for (int i = 0; i < sent.length(); i += 1 + size / 2) {
                String read = sent.substring(i, Math.min(sent.length(), i + 1 + size / 2));
                each.take(ByteBuffer.wrap(read.getBytes(US_ASCII)), at -> {});
            }
            assertThat(each.events()).as("chunks of " + size).isEqualTo(3);
            assertThat(each.gaps()).isZero();
            assertThat(each.hasEnded()).isTrue();
        }
    }

    @Test
    void aClientIsOpenOnceItHasBeenSentTheFirstLine() {
        take(HEAD);
        assertThat(stream.isOpen()).isFalse();
        take(chunk(Outlet.OPENING));
        assertThat(stream.isOpen()).isTrue();
    }

    @Test
    void theTimeOfEachEventIsTold() {
        take(HEAD + chunk(frame(0) + frame(1)));
        assertThat(times).containsExactly(100L, 101L);
    }

    @Test
    void anEventThatIsNotTheNextIsAGapUnlessTheServerHasSaidSo() {
        take(HEAD + chunk(frame(0) + frame(3)));
        assertThat(stream.gaps()).isOne();
        take(chunk("event: missed\nid: 3c0e/9\ndata: 6\n\n" + frame(10)));
        assertThat(stream.gaps()).isOne();
        assertThat(stream.missed()).isEqualTo(6);
        take(chunk(frame(10)));
        assertThat(stream.gaps()).isEqualTo(2);
    }

    @Test
    void aStreamThatBreaksOffHasNotEnded() {
        take(HEAD + chunk(frame(0)) + "0\r\n");
        assertThat(stream.hasEnded()).isFalse();
        take("\r\n");
        assertThat(stream.hasEnded()).isTrue();
    }

    @Test
    void anAnswerThatIsNotAStreamInChunksIsNoStream() {
        for (String wrong :
                List.of(
                        "HTTP/1.1 404 Not Found\r\n\r\n" + chunk(frame(0)) + END,
                        HEAD + frame(0),
                        HEAD + "5\r\ndata: x\r\n",
                        HEAD + END + frame(0))) {
            EventStream each = new EventStream();
            each.take(ByteBuffer.wrap(wrong.getBytes(US_ASCII)), at -> {});
            assertThat(each.events()).as(wrong).isZero();
            assertThat(each.hasEnded()).as(wrong).isFalse();
        }
    }
}
