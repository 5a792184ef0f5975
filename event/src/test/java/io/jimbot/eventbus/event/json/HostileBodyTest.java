package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.events.v1.Event;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that are made to cost much: the cost may grow with the body, and no faster. */
class HostileBodyTest {
  private static final int SMALL = 1 << 19;
  private static final int LARGE = 4 * SMALL;

  private static final int MOST_RUNS = 8;

  /** Below this, the clock and the compiler count for more than the body. */
  private static final long LEAST_NANOS = 10_000_000;

  /** Time that the machine spends on others does not count. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final int MOST_EVENTS = DecodeLimits.DEFAULT.maxEvents();

  private final BodyDecoder decoder =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());

  /**
   * A body.
   *
   * @param head how it begins
   * @param unit what follows, over and over
   * @param tail how it ends
   */
  record Body(String head, String unit, String tail) {
    byte[] bytes(int size) {
      return (head + unit.repeat((size - head.length()) / unit.length()) + tail)
          .getBytes(ISO_8859_1);
    }
  }

  static List<Body> bodies() {
    return List.of(
        new Body("", "[", ""),
        new Body("", "{\"a\":", ""),
        new Body("[", "{\"a,", ""),
        new Body("[", "{\"a\":[1,", ""),
        new Body("[x", ",{\"type\":[1,{}", ""),
        new Body("[x", ",{\"type\":1,\"a\":[1", "\"" + "x".repeat(SMALL / 2)),
        new Body("[x", ",{\"type\":1,\"a\":[1", "1".repeat(SMALL / 2) + ".x"),
        new Body("[", "1,", "1]"),
        new Body("[", "{},", "{}]"),
        new Body("[", "{\"type\":},", "1]"),
        new Body("[", "{\"type\":\"A\"},", "1]"),
        new Body("[", "{\"type\":\"A\"", "]"),
        new Body("[", ",", "]"),
        new Body("[", "]", "]"),
        new Body("[", "}", "]"),
        new Body("[", "\"", "]"),
        new Body("[", "\"\",", "]"),
        new Body("[", "{\"a\"1},", "]"),
        new Body("[{", "\"a\",", "]"),
        new Body("[{", "\",{\"", "]"),
        new Body("[{\"a\":\"", "\" \"", "]"),
        new Body("[{x", ",            {", "]"),
        new Body("{\"events\":[x", "],\"a\":[", "]}"),
        new Body("{\"a\":x", "\"events\":", "[]"),
        new Body("{\"a\":x", "\"events\" ", ""),
        new Body("{\"source\":\"s\"", ",\"source\":\"s\"", "}"),
        new Body("{", "\"events\":[],", "\"a\":1}"),
        new Body("", "{}\n", ""),
        new Body("", "{\n", ""),
        new Body("{\"type\":\"A\",\"payload\":{\"a\":1", ",\"a\":1", "}}"),
        new Body("[{\"type\":\"HEARTBEAT\",\"payload\":{\"x\":1", ",\"x\":1", "}}]"),
        new Body("[{\"type\":\"METRICS\",\"payload\":{\"values\":{\"a\":1", ",\"a\":1", "}}}]"),
        new Body("[{\"type\":\"HEARTBEAT\",\"payload\":{\"uptime\":1", "1", "}}]"),
        new Body("[{\"type\":\"HEARTBEAT\",\"timestamp\":1", "1", "}]"),
        new Body("[{\"type\":\"HEARTBEAT\",\"payload\":{\"uptime\":0.", "0", "1}}]"),
        new Body("[{\"type\":\"HEARTBEAT\",\"payload\":{\"uptime\":1e", "9", "}}]"),
        new Body("[{\"type\":\"HEARTBEAT\",\"payload\":{\"", "k", "\":1}}]"),
        new Body("[{\"type\":\"ERROR\",\"payload\":{\"message\":\"", "\\u00e9", "\"}}]"),
        new Body("[{\"type\":\"ERROR\",\"payload\":{\"message\":\"", "\\ud83d", "\"}}]"),
        new Body("[{\"type\":\"ERROR\",\"payload\":{\"message\":\"", "\u0080", "\"}}]"),
        new Body("[{\"type\":\"DIAGNOSTIC\",\"payload\":{\"available_functions\":[1", ",1", "]}}]"),
        new Body("[{\"type\":\"GAME_STATE\",\"changes\":[{}", ",{}", "]}]"),
        new Body("[{\"type\":\"GAME_STATE\",\"changes\":[1", ",1", "]}]"),
        new Body(
            "[{\"type\":\"GAME_STATE\" ",
            "\"changes\":[{\"type\":\"A\"},{\"type\":\"A\"}],",
            "}]"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void theCostGrowsWithTheBodyAndNoFaster(Body body) {
    byte[] small = body.bytes(SMALL);
    byte[] large = body.bytes(LARGE);
    long cheap = Long.MAX_VALUE;
    long dear = Long.MAX_VALUE;
    // The compiler and the collector disturb single runs; a cost that grows faster fails them all.
    for (int run = 0; run < MOST_RUNS && (run == 0 || ratio(cheap, dear) >= 12); run++) {
      cheap = Math.min(cheap, nanos(small));
      dear = Math.min(dear, nanos(large));
    }
    assertThat(ratio(cheap, dear)).as("%d ns for n, %d ns for 4 n", cheap, dear).isLessThan(12);
  }

  private static double ratio(long cheap, long dear) {
    return (double) dear / Math.max(cheap, LEAST_NANOS);
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void piecesAreBoundedAndDoNotOverlap(Body body) {
    byte[] large = body.bytes(2 * LARGE);
    int end = 0;
    List<Decoded> pieces = decode(large);
    for (Decoded piece : pieces) {
      assertThat(piece.position()).isGreaterThanOrEqualTo(end);
      end = piece.position() + piece.length();
    }
    assertThat(end).isLessThanOrEqualTo(large.length);
    assertThat(pieces.size()).isLessThanOrEqualTo(2 * MOST_EVENTS + 2);
  }

  @Test
  void findingTheEndsOfBrokenEventsLooksAtABoundedNumberOfBytes() {
    for (Body body : bodies()) {
      byte[] bytes = body.bytes(SMALL / 4);
      EventBoundary boundary = new EventBoundary();
      boundary.reset(bytes, bytes.length, false);
      int p = 1;
      while (p < bytes.length) {
        int end = boundary.after(p, p);
        assertThat(end).isGreaterThan(p);
        p = end;
      }
      // One reading that is under way when the budget is used up may finish.
      assertThat(boundary.looksLeft()).as("%s", body).isGreaterThan(-2L * bytes.length);
    }
  }

  @Test
  void writingAnEventWithManyLeftoversCostsNoMoreThanLinearTime()
      throws InvalidProtocolBufferException {
    long cheap = Math.min(encodeNanos(10_000), encodeNanos(10_000));
    long dear = Math.min(encodeNanos(40_000), encodeNanos(40_000));
    assertThat((double) dear / Math.max(cheap, LEAST_NANOS)).isLessThan(12);
  }

  private long encodeNanos(int members) throws InvalidProtocolBufferException {
    StringBuilder json =
        new StringBuilder("{\"type\":\"DIAGNOSTIC\",\"payload\":{\"available_functions\":[\"a\"");
    json.append(",1,\"b\"".repeat(members)).append("]},\"metadata\":{\"a\":\"b\"");
    for (int i = 0; i < members; i++) {
      json.append(",\"").append(i).append(i % 2 == 0 ? "\":1" : "\":\"1\"");
    }
    byte[] body = json.append("}}").toString().getBytes(ISO_8859_1);
    Decoded decoded = decoder.event(body, body.length, Instant.EPOCH, () -> "assigned");
    Event event = Event.parseFrom(((Decoded.Readable) decoded).value());
    long start = THREADS.getCurrentThreadCpuTime();
    assertThat(new EventEncoder().encode(event)).isNotEmpty();
    return THREADS.getCurrentThreadCpuTime() - start;
  }

  private List<Decoded> decode(byte[] body) {
    return decoder.batch(body, body.length, Instant.EPOCH, () -> "assigned");
  }

  private long nanos(byte[] body) {
    long start = THREADS.getCurrentThreadCpuTime();
    assertThat(decode(body)).isNotNull();
    return THREADS.getCurrentThreadCpuTime() - start;
  }

  @Test
  void aLongNameOfTheBatchIsToldAndNotCopiedIntoEveryEvent() {
    String source = "s".repeat(100_000);
    String events = "{\"type\":\"A\"},".repeat(2_000);
    byte[] body =
        ("{\"source\":\"" + source + "\",\"events\":[" + events + "{\"type\":\"A\"}]}")
            .getBytes(ISO_8859_1);

    List<Decoded> pieces = decoder.batch(body, body.length, Instant.EPOCH, () -> "id");

    long written =
        pieces.stream()
            .mapToLong(p -> p instanceof Decoded.Readable event ? event.value().length : 0)
            .sum();
    assertThat(pieces).hasSize(2_002);
    assertThat(pieces.get(0)).isInstanceOf(Decoded.Broken.class);
    assertThat(((Decoded.Broken) pieces.get(0)).path()).isEqualTo("source");
    assertThat(written).isLessThan(2_001 * 64L);
  }
}
