package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.testing.CapturedTraffic;
import io.jimbot.eventbus.testing.JsonTree;
import io.jimbot.events.v1.Event;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damages captured bodies at random, others in every run, and reads them. Run longer with {@code
 * -Dfuzz.bodies=…}; a failure prints its seed, which {@code -Drandom.seed=…} repeats.
 */
class DecoderFuzzTest {
  private static final long SEED = Long.getLong("random.seed", System.currentTimeMillis());
  private static final int BODIES = Integer.getInteger("fuzz.bodies", 2_000);
  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final int LONGEST = 6_000;

  /** Names and times that an event gets from its batch and from the bus. */
  private static final int MOST_ADDED_BYTES = 5_000;

  private static final List<String> TOKENS =
      List.of(
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "null",
          "true",
          "inf",
          "nan",
          "-",
          "1e",
          "0",
          "\n",
          "\"type\":",
          "\"payload\":{",
          "\"events\":[",
          "\"changes\":[{\"type\":\"A\"},",
          "{}",
          "\\ud83d",
          "\\u0061",
          "1e400",
          "99999999999999999999",
          "\"event_id\":null,",
          "\u0000",
          "é");

  private final BodyDecoder decoder =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());
  private final EventEncoder encoder = new EventEncoder();

  @Test
  void whateverTheBytesAreEveryPieceIsWithinThemAndEveryEventIsGivenBack() {
    List<byte[]> bodies = new ArrayList<>();
    for (String capture : CapturedTraffic.CAPTURES) {
      CapturedTraffic.requests(capture).stream()
          .map(CapturedTraffic.Request::body)
          .filter(body -> body.length > 0 && body.length < LONGEST)
          .forEach(bodies::add);
    }
    int readable = 0;
    for (int i = 0; i < BODIES; i++) {
      long seed = SEED + i;
      Random random = new Random(seed);
      byte[] body = bodies.get(random.nextInt(bodies.size()));
      for (int damages = 1 + random.nextInt(4); damages > 0 && body.length > 0; damages--) {
        body = damaged(body, bodies.get(random.nextInt(bodies.size())), random);
      }
      try {
        readable += check(body);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "-Drandom.seed=" + seed + ": " + HexFormat.of().formatHex(body), e);
      }
    }
    assertThat(readable).isGreaterThan(BODIES);
  }

  private int check(byte[] body) throws Exception {
    Decoded single = decoder.event(body, body.length, RECEIVED, () -> "assigned");
    assertThat(single.position() + single.length()).isLessThanOrEqualTo(body.length);
    return check(List.of(single), body)
        + check(decoder.batch(body, body.length, RECEIVED, () -> "assigned"), body)
        + check(decoder.lines(body, body.length, RECEIVED, () -> "assigned"), body);
  }

  private int check(List<Decoded> pieces, byte[] body) throws Exception {
    int end = 0;
    int readable = 0;
    for (Decoded piece : pieces) {
      assertThat(piece.position()).isBetween(end, body.length);
      end = piece.position() + piece.length();
      assertThat(end).isBetween(piece.position(), body.length);
      if (piece instanceof Decoded.Readable event) {
        assertThat(event.value().length).isLessThan(4 * piece.length() + MOST_ADDED_BYTES);
        byte[] back = encoder.encode(Event.parseFrom(event.value()));
        JsonTree sent = JsonTree.read(Arrays.copyOfRange(body, piece.position(), end));
        assertThat(sent.differences(JsonTree.read(back)))
            .as("%s", new String(back, UTF_8))
            .isEmpty();
        readable++;
      } else if (piece instanceof Decoded.Broken broken) {
        assertThat(broken.reason()).isNotEmpty();
        assertThat(broken.message()).isNotEmpty();
        assertThat(broken.faultPosition()).isBetween(0, body.length);
      }
    }
    return readable;
  }

  private static byte[] damaged(byte[] body, byte[] other, Random random) {
    int at = random.nextInt(body.length);
    int to = Math.min(body.length, at + random.nextInt(1 + random.nextInt(200)));
    return switch (random.nextInt(6)) {
      case 0 -> {
        byte[] flipped = body.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 1 -> Arrays.copyOf(body, at);
      case 2 -> joined(body, at, new byte[0], 0, 0, to);
      case 3 -> {
        int from = random.nextInt(other.length);
        int until = Math.min(other.length, from + random.nextInt(400));
        yield joined(body, at, other, from, until, to);
      }
      default -> {
        byte[] token = TOKENS.get(random.nextInt(TOKENS.size())).getBytes(UTF_8);
        yield joined(body, at, token, 0, token.length, random.nextBoolean() ? at : to);
      }
    };
  }

  private static byte[] joined(byte[] body, int at, byte[] other, int from, int until, int rest) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(body, 0, at);
    joined.write(other, from, until - from);
    joined.write(body, rest, body.length - rest);
    return joined.toByteArray();
  }
}
