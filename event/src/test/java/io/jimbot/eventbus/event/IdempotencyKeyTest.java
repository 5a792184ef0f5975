package io.jimbot.eventbus.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.json.BodyDecoder;
import io.jimbot.eventbus.event.json.DecodeLimits;
import io.jimbot.eventbus.event.json.Decoded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdempotencyKeyTest {
  private static final EventCatalogue CATALOGUE = EventCatalogue.builtIn();
  private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");

  private final BodyDecoder decoder = new BodyDecoder(DecodeLimits.DEFAULT, CATALOGUE);

  @Test
  void theSameFactsHaveTheSameKeyOfSixteenBytes() {
    byte[] key = key("SCORING", "chips", "e-1", "mod", "12.5");

    assertThat(key).hasSize(16).hasSize(IdempotencyKey.LENGTH);
    assertThat(key("SCORING", "chips", "e-1", "mod", "12.5")).isEqualTo(key);
  }

  @Test
  void anotherIdTypeSubtypeSourceOrClockIsAnotherEvent() {
    byte[] key = key("SCORING", "chips", "e-1", "mod", "12.5");

    assertThat(key("HEARTBEAT", "chips", "e-1", "mod", "12.5")).isNotEqualTo(key);
    assertThat(key("SCORING", "mult", "e-1", "mod", "12.5")).isNotEqualTo(key);
    assertThat(key("SCORING", "chips", "e-2", "mod", "12.5")).isNotEqualTo(key);
    assertThat(key("SCORING", "chips", "e-1", "rllib", "12.5")).isNotEqualTo(key);
    assertThat(key("SCORING", "chips", "e-1", "mod", "12.50")).isNotEqualTo(key);
  }

  @Test
  void charactersThatMoveFromOneTextIntoTheNextMakeAnotherEvent() {
    // The texts stand in the order id, source, type, subtype, clock.
    assertThat(key("SCORING", "s", "a", "bc", "1"))
        .isNotEqualTo(key("SCORING", "s", "ab", "c", "1"));
    assertThat(key("A", "s", "e", "mB", "1")).isNotEqualTo(key("BA", "s", "e", "m", "1"));
    assertThat(key("AB", "c", "e", "m", "1")).isNotEqualTo(key("A", "Bc", "e", "m", "1"));
    assertThat(key("A", "c1", "e", "m", "2")).isNotEqualTo(key("A", "c", "e", "m", "12"));
  }

  @Test
  void aTextThatIsNotThereIsAnotherThanAnEmptyOne() {
    byte[] absent = key("SCORING", null, "e-1", null, null);

    assertThat(key("SCORING", "", "e-1", null, null)).isNotEqualTo(absent);
    assertThat(key("SCORING", null, "e-1", "", null)).isNotEqualTo(absent);
    assertThat(key("SCORING", null, "e-1", null, "")).isNotEqualTo(absent);
    assertThat(key("SCORING", "", "e-1", null, null))
        .isNotEqualTo(key("SCORING", null, "e-1", "", null));
  }

  @Test
  void gameSessionVersionAndWhoAssignedTheIdDoNotMatter() {
    EventType type = CATALOGUE.type("SCORING");
    EventFacts bare =
        new EventFacts(type, "chips", "e-1", false, "mod", null, null, null, 0, "12.5");
    EventFacts full = new EventFacts(type, "chips", "e-1", true, "mod", "g", "p", "s", 7, "12.5");

    assertThat(IdempotencyKey.of(full)).isEqualTo(IdempotencyKey.of(bare));
  }

  @Test
  void anEventThatIsSentAgainInAnotherBatchAndReadAfreshKeepsItsKey() {
    byte[] first = sent("b-1", "{\"type\":\"SCORING\",\"event_id\":\"e-1\",\"timestamp\":12.5,", 1);
    byte[] again = sent("b-2", "{\"timestamp\":12.5,\"event_id\":\"e-1\",\"type\":\"SCORING\",", 2);

    assertThat(again).isEqualTo(first);
  }

  @Test
  void theSameIdAtAnotherTimeIsAnotherEvent() {
    byte[] first = sent("b-1", "{\"type\":\"SCORING\",\"event_id\":\"e-1\",\"timestamp\":12.5,", 1);
    byte[] later = sent("b-1", "{\"type\":\"SCORING\",\"event_id\":\"e-1\",\"timestamp\":12.6,", 1);

    assertThat(later).isNotEqualTo(first);
  }

  private static byte[] key(
      String type,
      @Nullable String subtype,
      String eventId,
      @Nullable String source,
      @Nullable String clock) {
    return IdempotencyKey.of(
        new EventFacts(
            CATALOGUE.type(type),
            subtype,
            eventId,
            false,
            source,
            "game",
            null,
            "session",
            1,
            clock));
  }

  /** The key of the one event of a batch; {@code envelope} is the event as far as its payload. */
  private byte[] sent(String batchId, String envelope, int chips) {
    byte[] body =
        "{\"batch_id\":\"%s\",\"source\":\"mod\",\"events\":[%s\"payload\":{\"chips\":%d}}]}"
            .formatted(batchId, envelope, chips)
            .getBytes(UTF_8);
    Decoded only = decoder.batch(body, body.length, RECEIVED, () -> "assigned").get(0);
    assertThat(only).isInstanceOf(Decoded.Readable.class);
    return IdempotencyKey.of(((Decoded.Readable) only).facts());
  }
}
