package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.testing.JsonTree;
import io.jimbot.events.v1.Event;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomJsonTest {
  private static final long SEED = Long.getLong("random.seed", 20260102L);
  private static final int EVENTS = Integer.getInteger("random.events", 3000);
  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");

  private final BodyDecoder decoder =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());
  private final EventEncoder encoder = new EventEncoder();

  @Test
  void everyEventComesBackAsItWasSentOrIsRefusedForAReasonThatItHas()
      throws InvalidProtocolBufferException {
    int readable = 0;
    for (int i = 0; i < EVENTS; i++) {
      long seed = SEED + i;
      String text = new RandomEvents(new Random(seed), 2 + i % 20).event();
      byte[] body = RandomJson.bytes(text);
      Decoded decoded = decoder.event(body, body.length, RECEIVED, () -> "assigned");
      JsonTree sent = JsonTree.read(body);
      if (decoded instanceof Decoded.Readable event) {
        readable++;
        byte[] back = encoder.encode(Event.parseFrom(event.value()));
        assertThat(sent.differences(JsonTree.read(back)))
            .as("-Drandom.seed=%d: %s became %s", seed, text, new String(back, UTF_8))
            .isEmpty();
      } else if (decoded instanceof Decoded.Broken broken) {
        assertThat(reasonHolds(broken, sent))
            .as("-Drandom.seed=%d: %s of %s", seed, broken, text)
            .isTrue();
      }
    }
    assertThat(readable).isGreaterThan(EVENTS / 2);
  }

  private static boolean reasonHolds(Decoded.Broken broken, JsonTree sent) {
    return switch (broken.reason()) {
      case "duplicate_member" -> sent.repeatsMember() && !broken.path().isEmpty();
      case "invalid" ->
          broken.path().equals("type")
              || broken.path().equals("event_id")
              || broken.path().equals("event_type");
      default -> false;
    };
  }
}
