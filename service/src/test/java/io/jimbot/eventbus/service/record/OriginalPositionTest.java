package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class OriginalPositionTest {

  private static ConsumerRecord<byte[], byte[]> record(RecordHeaders headers) {
    return new ConsumerRecord<>(
        "t.events.standard",
        1,
        5,
        1_000,
        TimestampType.CREATE_TIME,
        0,
        0,
        null,
        null,
        headers,
        Optional.empty());
  }

  @Test
  void isReadBackAsItWasWritten() {
    OriginalPosition position = new OriginalPosition("t.events", 3, 42, 1_700_000_000_000L);
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.ORIGINAL_POSITION, position.toBytes());

    assertThat(OriginalPosition.of(record(headers))).isEqualTo(position);
  }

  @Test
  void anEventThatWasNeverElsewhereIsWhereItIs() {
    assertThat(OriginalPosition.of(record(new RecordHeaders())))
        .isEqualTo(new OriginalPosition("t.events.standard", 1, 5, 1_000));
  }

  @Test
  void whatMakesNoSenseIsNotBelieved() {
    for (String text : new String[] {"", "a/b", "t/1/2/x", "t/1/2/3/4", "t/1//3"}) {
      RecordHeaders headers = new RecordHeaders();
      headers.add(HeaderNames.ORIGINAL_POSITION, text.getBytes(UTF_8));

      assertThat(OriginalPosition.read(headers)).as(text).isNull();
    }
  }
}
