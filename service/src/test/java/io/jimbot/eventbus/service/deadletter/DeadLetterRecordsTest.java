package io.jimbot.eventbus.service.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.RecordPosition;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterRecordsTest {

  private static final Instant FAILED = Instant.ofEpochMilli(1_700_000_000_123L);
  private static final RecordPosition ORIGIN =
      RecordPosition.newBuilder().setTopic("jimbot.events").setPartition(3).setOffset(7).build();

  @Test
  void theIdSaysWhenTheRecordWasMadeAndSortsByIt() throws Exception {
    var record = record("it broke");
    DeadLetter letter = DeadLetter.parseFrom(record.value());

    assertThat(record.timestamp()).isEqualTo(FAILED.toEpochMilli());
    assertThat(DeadLetterId.millis(letter.getDeadLetterId())).isEqualTo(FAILED.toEpochMilli());
    assertThat(
            List.of(
                DeadLetterId.at(FAILED.minusMillis(1)),
                DeadLetterId.least(FAILED.toEpochMilli()),
                letter.getDeadLetterId(),
                DeadLetterId.least(FAILED.toEpochMilli() + 1)))
        .isSorted();
  }

  @ParameterizedTest
  @CsvSource({"x", "6f1c1a52-94a7-4f4e-8d0e-6c2f5b8f7a11", "''"})
  void whatIsNoIdHasNoTime(String text) {
    assertThat(DeadLetterId.millis(text)).isEqualTo(-1);
  }

  @Test
  void headersAreKeptAndCredentialsAreNot() throws Exception {
    var letter = DeadLetter.parseFrom(record("it broke").value());

    assertThat(letter.getHeadersMap()).containsOnlyKeys("event-id", "idempotency-key");
    assertThat(letter.getOrigin()).isEqualTo(ORIGIN);
  }

  @Test
  void aMessageWithoutEndIsCut() throws Exception {
    var letter = DeadLetter.parseFrom(record("x".repeat(1_000_000)).value());

    assertThat(letter.getMessage()).hasSize(4_096);
  }

  private static org.apache.kafka.clients.producer.ProducerRecord<byte[], byte[]> record(
      String message) {
    RecordHeaders headers = new RecordHeaders();
    for (String name :
        List.of(
            "event-id", "idempotency-key", "Authorization", "Cookie", "X-Api-Key", "auth-token")) {
      headers.add(name, "e-1".getBytes(UTF_8));
    }
    return new DeadLetterRecords("letters")
        .record(
            null,
            DeadLetterRecords.read(ORIGIN, headers, ByteString.copyFromUtf8("x")),
            Failure.once(
                DeadLetterStage.DEAD_LETTER_STAGE_PROCESS,
                DeadLetterReason.PROCESSING_FAILED,
                message,
                FAILED));
  }
}
