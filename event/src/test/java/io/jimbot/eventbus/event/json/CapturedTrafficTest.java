package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.testing.CapturedTraffic;
import io.jimbot.eventbus.testing.CapturedTraffic.Request;
import io.jimbot.eventbus.testing.ExactJson;
import io.jimbot.events.v1.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapturedTrafficTest {
  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");

  private final BodyDecoder decoder =
      new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());
  private final EventEncoder encoder = new EventEncoder();

  @ParameterizedTest
  @ValueSource(strings = {"typical", "menu", "lost", "nasty"})
  void everyReadableEventComesBackWithEveryKeyAndValue(String capture)
      throws InvalidProtocolBufferException {
    int compared = 0;
    for (Request request : CapturedTraffic.batches(capture)) {
      for (Decoded piece : decode(request)) {
        if (piece instanceof Decoded.Readable event) {
          JsonNode sent =
              ExactJson.read(
                  Arrays.copyOfRange(
                      request.body(), event.position(), event.position() + event.length()));
          JsonNode back = ExactJson.read(encoder.encode(Event.parseFrom(event.value())));
          assertThat(ExactJson.differences(sent, back))
              .as("%s line %d", capture, request.line())
              .isEmpty();
          compared++;
        }
      }
    }
    assertThat(compared).isPositive();
  }

  @Test
  void onlyUnescapedQuotesMakeAnEventUnreadableAndCostItsNeighboursNothing() {
    Map<Integer, List<String>> broken = new TreeMap<>();
    int readable = 0;
    for (Request request : CapturedTraffic.batches("nasty")) {
      for (Decoded piece : decode(request)) {
        if (piece instanceof Decoded.Broken b) {
          String bytes = new String(request.body(), b.position(), b.length(), UTF_8);
          assertThat(bytes).startsWith("{").endsWith("}").contains("\"type\":\"GAME_STATE\"");
          broken
              .computeIfAbsent(request.line(), line -> new ArrayList<>())
              .add(b.path() + " " + b.reason());
        } else {
          readable++;
        }
      }
    }
    assertThat(broken)
        .containsOnly(
            Map.entry(602, List.of("events[1].payload.score_history.quoted[0] unreadable")),
            Map.entry(649, List.of("events[1].payload.score_history unreadable")));
    assertThat(readable).isEqualTo(1603);
  }

  private List<Decoded> decode(Request request) {
    return decoder.batch(request.body(), request.body().length, RECEIVED, () -> "assigned");
  }
}
