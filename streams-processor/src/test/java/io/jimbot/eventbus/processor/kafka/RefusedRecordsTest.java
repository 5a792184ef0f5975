package io.jimbot.eventbus.processor.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.kafka.RefusedRecords.Refusal;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class RefusedRecordsTest {

  private static final Refusal REFUSAL = new Refusal(DeadLetterReason.RECORD_TOO_LARGE, "no");

  private final RefusedRecords refused = new RefusedRecords();

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static RecordHeaders event(String identity) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.IDEMPOTENCY_KEY, bytes(identity));
    return headers;
  }

  @Test
  void anEventIsKnownByItsHeadersAndAnythingElseByItsBytes() {
    refused.add("t", event("a"), bytes("x"), REFUSAL);
    assertThat(refused.of("t", event("b"), bytes("x"))).isNull();
    assertThat(refused.of("other", event("a"), bytes("x"))).isNull();
    assertThat(refused.of("t", event("a"), bytes("received later"))).isEqualTo(REFUSAL);

    refused.add("t", new RecordHeaders(), bytes("x"), REFUSAL);
    assertThat(refused.of("t", new RecordHeaders(), bytes("y"))).isNull();
    assertThat(refused.of("t", new RecordHeaders(), bytes("x"))).isEqualTo(REFUSAL);
  }

  @Test
  void whatFailsWithTheFirstOneIsNotAtFault() {
    refused.add("t", event("at fault"), null, REFUSAL);
    refused.add("t", event("behind it"), null, REFUSAL);
    assertThat(refused.of("t", event("behind it"), null)).isNull();

    assertThat(refused.of("t", event("at fault"), null)).isEqualTo(REFUSAL);
    refused.add("t", event("at fault, too"), null, REFUSAL);
    assertThat(refused.of("t", event("at fault, too"), null)).isEqualTo(REFUSAL);
  }

  @Test
  void newsAreToldOnce() {
    assertThat(refused.takeNews()).isFalse();
    refused.add("t", event("a"), null, REFUSAL);
    assertThat(refused.takeNews()).isTrue();
    assertThat(refused.takeNews()).isFalse();
  }
}
