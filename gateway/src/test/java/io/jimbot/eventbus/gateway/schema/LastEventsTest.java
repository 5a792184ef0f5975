package io.jimbot.eventbus.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class LastEventsTest {

  private static StoredEvent event(long millis, int bytes) {
    return new StoredEvent(
        new ConsumerRecord<>(
            "log",
            0,
            millis,
            millis,
            TimestampType.CREATE_TIME,
            0,
            bytes,
            new byte[0],
            new byte[bytes],
            new RecordHeaders(),
            Optional.empty()));
  }

  private static List<Long> times(LastEvents last) {
    return last.events().stream().map(StoredEvent::receivedAtMillis).sorted().toList();
  }

  @Test
  void theNewestStayAndWhatIsOlderIsNotWantedAnyMore() {
    LastEvents last = new LastEvents(2, 1_000);
    last.add(event(5, 10));
    assertThat(last.isBehind(4)).isFalse();
    last.add(event(3, 10));
    last.add(event(4, 10));

    assertThat(times(last)).containsExactly(4L, 5L);
    assertThat(last.isBehind(3)).isTrue();
    assertThat(last.isBehind(4)).isFalse();
    assertThat(last.isCutShort()).isFalse();
  }

  @Test
  void noOlderEventTakesThePlaceOfOneThatHadNoRoom() {
    LastEvents last = new LastEvents(3, 100);
    last.add(event(5, 60));
    last.add(event(4, 60));
    last.add(event(3, 10));

    assertThat(times(last)).containsExactly(5L);
    assertThat(last.isBehind(3)).isTrue();
    assertThat(last.isCutShort()).isTrue();
  }
}
