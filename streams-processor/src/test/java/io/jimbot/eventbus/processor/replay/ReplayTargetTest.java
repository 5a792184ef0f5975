package io.jimbot.eventbus.processor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.record.OriginalPosition;
import io.jimbot.events.v1.ReplayRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ReplayTargetTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final OriginalPosition ORIGIN = new OriginalPosition("t.events", 2, 7, 1_000);

  private final RecordHeaders headers = new RecordHeaders();

  private void header(String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }

  /** What becomes of an event with these headers. */
  private ProducerRecord<byte[], byte[]> replayed(ReplayRequest.Builder request) {
    ConsumerRecord<byte[], byte[]> event =
        new ConsumerRecord<>(
            "t.events",
            2,
            7,
            1_000,
            TimestampType.CREATE_TIME,
            3,
            5,
            "key".getBytes(UTF_8),
            "value".getBytes(UTF_8),
            headers,
            Optional.empty());
    ReplayRequest whole = request.setReplayId("again").build();
    return new ReplayTarget(new KafkaTopics("t"), whole).record(event, ORIGIN, NOW.toEpochMilli());
  }

  private static ReplayRequest.Builder toTopic() {
    return ReplayRequest.newBuilder().setOwnTopic(true);
  }

  /** The headers as name=value, in their order. */
  private static String[] headers(ProducerRecord<byte[], byte[]> record) {
    return StreamSupport.stream(record.headers().spliterator(), false)
        .map(header -> header.key() + "=" + new String(header.value(), UTF_8))
        .toArray(String[]::new);
  }

  @Test
  void anEventIsAsItWasAndSaysWhereItWasFirstAndWhichReplayWroteIt() {
    header(HeaderNames.EVENT_ID, "id");

    ProducerRecord<byte[], byte[]> record = replayed(toTopic());

    assertThat(record.topic()).isEqualTo("t.replay.again");
    assertThat(record.partition()).isNull();
    assertThat(record.timestamp()).isEqualTo(NOW.toEpochMilli());
    assertThat(record.key()).asString(UTF_8).isEqualTo("key");
    assertThat(record.value()).asString(UTF_8).isEqualTo("value");
    assertThat(headers(record))
        .containsExactlyInAnyOrder(
            "event-id=id", "replay-id=again", "original-position=t.events/2/7/1000");
  }

  @Test
  void whatCameAgainAfterAFailureAtAGroupDoesNotSayThatOfItsReplay() {
    header(HeaderNames.REDRIVE_OF, "id");
    header(HeaderNames.REDRIVE_FROM, "trainer");

    assertThat(headers(replayed(toTopic())))
        .containsExactlyInAnyOrder(
            "redrive-of=id", "replay-id=again", "original-position=t.events/2/7/1000");
  }

  @Test
  void anEventOfACompactedClassIsWrittenByItsOrderingKeyAgain() {
    header(HeaderNames.ORDERING_KEY, "game-1");
    header(HeaderNames.ORIGINAL_POSITION, "t.events/9/9/9");

    ProducerRecord<byte[], byte[]> record = replayed(toTopic());

    assertThat(record.key()).asString(UTF_8).isEqualTo("game-1");
    assertThat(headers(record))
        .containsExactlyInAnyOrder("replay-id=again", "original-position=t.events/2/7/1000");
  }

  @Test
  void whatIsForAGroupGoesIntoTheLogAndSaysForWhich() {
    ProducerRecord<byte[], byte[]> record =
        replayed(ReplayRequest.newBuilder().setGroup("trainers"));

    assertThat(record.topic()).isEqualTo("t.events");
    assertThat(headers(record))
        .containsExactlyInAnyOrder(
            "for-group=trainers", "replay-id=again", "original-position=t.events/2/7/1000");
  }
}
