package io.jimbot.eventbus.gateway.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class OncePublisherTest {

  private static final int MAX_KEYS = 3;

  private final HeldPublisher kafka = new HeldPublisher();
  private final List<PublishOutcome> outcomes = new ArrayList<>();
  private long nanos = -1;
  private final OncePublisher publisher =
      new OncePublisher(kafka, MAX_KEYS, Duration.ofSeconds(1), () -> nanos);

  private void publish(String key) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("t", new byte[0]);
    record.headers().add(HeaderNames.IDEMPOTENCY_KEY, key.getBytes(UTF_8));
    publisher.publish(record, outcomes::add);
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
}
