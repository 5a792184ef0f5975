package io.jimbot.eventbus.gateway.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Stored;
import io.jimbot.eventbus.service.record.HeaderTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class OncePublisherTest {

  private static final int MAX_KEYS = 3;
  private static final long TAKEN_IN = 1_760_000_000_000L;

  private final HeldPublisher kafka = new HeldPublisher();
  private final List<PublishOutcome> outcomes = new ArrayList<>();
  private long nanos = -1;
  private final OncePublisher publisher =
      new OncePublisher(kafka, MAX_KEYS, Duration.ofSeconds(1), () -> nanos);

  private void publish(String key) {
    publisher.publish(record(key), outcomes::add);
  }

  private void publishFor(String key, Duration life) {
    ProducerRecord<byte[], byte[]> record = record(key);
    record
        .headers()
        .add(HeaderNames.EXPIRES_AT, HeaderTime.of(record.timestamp() + life.toMillis()));
    publisher.publish(record, outcomes::add);
  }

  private void publishLater(String key) {
    ProducerRecord<byte[], byte[]> record = record(key);
    record.headers().add(HeaderNames.DELIVER_AT, HeaderTime.of(record.timestamp() + 60_000));
    publisher.publish(record, outcomes::add);
  }

  private static ProducerRecord<byte[], byte[]> record(String key) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("t", null, TAKEN_IN, null, new byte[0]);
    record.headers().add(HeaderNames.IDEMPOTENCY_KEY, key.getBytes(UTF_8));
    return record;
  }

  @Test
  void aRepeatIsAnsweredWithWhereTheFirstLiesAndNotStored() {
    publish("a");
    kafka.store(0);
    publish("a");

    assertThat(kafka.count()).isEqualTo(1);
    assertThat(outcomes).containsExactly(new Stored("t", 0, 0, false), new Stored("t", 0, 0, true));
  }

  @Test
  void aRepeatWhoseFirstIsUnderWayWaitsForItsOutcome() {
    publish("a");
    publish("a");
    assertThat(outcomes).isEmpty();

    kafka.store(0);

    assertThat(kafka.count()).isEqualTo(1);
    assertThat(outcomes).containsExactly(new Stored("t", 0, 0, false), new Stored("t", 0, 0, true));
  }

  @Test
  void whatWasNotStoredMayBeSentAgain() {
    publish("a");
    publish("a");
    kafka.fail(0);
    publish("a");
    kafka.store(1);

    assertThat(outcomes.get(0)).isInstanceOf(PublishOutcome.Unavailable.class);
    assertThat(outcomes.get(1)).isEqualTo(outcomes.get(0));
    assertThat(outcomes.get(2)).isEqualTo(new Stored("t", 0, 1, false));
  }

  @Test
  void theOldestIsForgottenFirstAndNoMoreAreRememberedThanMayBe() {
    for (String key : List.of("a", "b", "c", "d")) {
      publish(key);
    }
    publish("b");
    publish("a");

    assertThat(kafka.count()).isEqualTo(5);
  }

  @Test
  void nothingIsRememberedLongerThanTheWindow() {
    publish("a");
    nanos += Duration.ofSeconds(1).toNanos() - 1;
    publish("a");
    nanos += 1;
    publish("a");

    assertThat(kafka.count()).isEqualTo(2);
  }

  @Test
  void whatWaitsForItsTimeStandsForNothingThatIsSentAgainSinceItMayBeTakenBack() {
    publishLater("a");
    kafka.store(0);
    publish("a");
    kafka.store(1);
    publishLater("a");
    kafka.store(2);

    assertThat(outcomes)
        .containsExactly(
            new Stored("t", 0, 0, false),
            new Stored("t", 0, 1, false),
            new Stored("t", 0, 2, false));
  }

  @Test
  void whatHasExpiredStandsForNothingThatIsSentAgain() {
    publishFor("a", Duration.ofMillis(100));
    kafka.store(0);
    nanos += Duration.ofMillis(100).toNanos() - 1;
    publishFor("a", Duration.ofHours(1));
    nanos += 1;
    publishFor("a", Duration.ofHours(1));
    kafka.store(1);

    assertThat(outcomes)
        .containsExactly(
            new Stored("t", 0, 0, false),
            new Stored("t", 0, 0, true),
            new Stored("t", 0, 1, false));
  }

  @Test
  void aLongLifeDoesNotProlongTheWindow() {
    publishFor("a", Duration.ofDays(3_650));
    nanos += Duration.ofSeconds(1).toNanos();
    publishFor("a", Duration.ofDays(3_650));

    assertThat(kafka.count()).isEqualTo(2);
  }
}
