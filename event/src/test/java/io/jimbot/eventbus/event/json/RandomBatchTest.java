package io.jimbot.eventbus.event.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.EventCatalogue;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomBatchTest {
  private static final long SEED = Long.getLong("random.seed", 20260103L);
  private static final int BATCHES = Integer.getInteger("random.batches", 800);
  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");

  private static final BodyDecoder ALONE =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());

  /** JSON, and not an acceptable event. */
  private static final List<String> REFUSED =
      List.of(
          "{}",
          "{\"payload\":{}}",
          "{\"type\":\"\"}",
          "{\"type\":5,\"payload\":{\"type\":\"A\"}}",
          "{\"type\":\"A\",\"type\":\"B\"}",
          "{\"type\":\"A\",\"event_id\":7}",
          "{\"type\":\"A\",\"payload\":" + "[".repeat(70) + "]".repeat(70) + "}",
          "{\"type\":\"A\",\"payload\":{\"" + "k".repeat(300) + "\":1}}",
          "{\"items\":[{\"type\":\"A\"},{\"type\":\"B\"}]}");

  private static final List<String> NOT_OBJECTS =
      List.of("null", "5", "\"text\"", "[]", "[{\"type\":\"A\"},{\"type\":\"B\"}]", "true", "inf");

  /** Not JSON. */
  private static final List<String> BROKEN =
      List.of(
          "{\"type\":\"GAME_STATE\",\"payload\":{\"x\":[\"the \"big\" one\"]},\"version\":1}",
          "{\"type\":\"A\",\"payload\":{\"a \"b\":1}}",
          "{\"type\":\"A\" \"version\":1}",
          "{\"type\" \"A\",\"x\":{}}",
          "{\"type\":\"A\",\"payload\":{\"x\":01}}",
          "{\"type\":\"A\",\"payload\":tru}",
          "{\"type\":\"A\",\"payload\":\"\\x\"}",
          "{\"type\":\"A\",\"payload\":{\"x\":1,}}",
          "{\"type\":\"GAME_STATE\" \"changes\":[{\"type\":\"B\"},{\"type\":\"C\"},{\"type\":\"D\"}],"
              + "\"payload\":{}}");

  private final BodyDecoder decoder =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());

  /** A body under construction, with what should come out of it. */
  private static final class Body {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final List<int[]> places = new ArrayList<>();
    final List<Boolean> good = new ArrayList<>();

    void frame(String text) {
      bytes.writeBytes(RandomJson.bytes(text));
    }

    void event(String text, boolean readable) {
      byte[] event = RandomJson.bytes(text);
      places.add(new int[] {bytes.size(), event.length});
      good.add(readable);
      bytes.writeBytes(event);
    }
  }

  @Test
  void everyGoodEventIsTakenAndEveryOtherIsReportedWithExactlyItsBytes() {
    for (int i = 0; i < BATCHES; i++) {
      long seed = SEED + i;
      Body body = body(new Random(seed), i % 3);
      byte[] bytes = body.bytes.toByteArray();
      List<Decoded> pieces = decoder.batch(bytes, bytes.length, RECEIVED, () -> "assigned");
      String document = "-Drandom.seed=" + seed + ": " + body.bytes;
      assertThat(pieces).as(document).hasSameSizeAs(body.places);
      for (int k = 0; k < pieces.size(); k++) {
        Decoded piece = pieces.get(k);
        assertThat(new int[] {piece.position(), piece.length()})
            .as("piece %d %s of %s", k, piece, document)
            .isEqualTo(body.places.get(k));
        assertThat(piece instanceof Decoded.Readable).as(document).isEqualTo(body.good.get(k));
        if (piece instanceof Decoded.Broken broken) {
          assertThat(broken.path()).as(document).startsWith("events[" + k + "]");
          assertThat(broken.message()).as(document).isNotEmpty();
          assertThat(broken.faultPosition())
              .as(document)
              .isBetween(piece.position(), piece.position() + piece.length());
        }
      }
    }
  }

  private static Body body(Random random, int form) {
    RandomJson json = new RandomJson(random);
    boolean lines = form == 2;
    Body body = new Body();
    body.frame(lines ? "" : form == 1 ? "[" : "{\"batch_id\":\"b\",\"events\" :[");
    int count = 1 + random.nextInt(8);
    boolean objectNext = true;
    for (int i = 0; i < count; i++) {
      body.frame(json.space().replace('\n', ' '));
      int kind = i == 0 && lines ? 0 : random.nextInt(8);
      if (kind == 0 && !objectNext) {
        body.event(json.pick(NOT_OBJECTS), false);
      } else if (kind == 1) {
        body.event(json.pick(REFUSED), false);
      } else if (kind == 2) {
        body.event(json.pick(BROKEN), false);
      } else {
        body.event(good(random, lines), true);
      }
      objectNext = kind == 2;
      body.frame(i + 1 == count ? "" : lines ? "\n" : json.space() + ",");
    }
    body.frame(lines ? "\r\n\n" : form == 1 ? " ]" : "],\"source\":\"s\",\"timestamp\":1 }\n");
    return body;
  }

  private static String good(Random random, boolean line) {
    while (true) {
      String event = new RandomEvents(random, 12).event();
      String text = line ? event.replace('\n', ' ') : event;
      byte[] bytes = RandomJson.bytes(text);
      if (ALONE.event(bytes, bytes.length, RECEIVED, () -> "id") instanceof Decoded.Readable) {
        return text;
      }
    }
  }
}
