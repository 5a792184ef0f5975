package io.jimbot.eventbus.processor.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.record.OriginalPosition;
import io.jimbot.events.v1.ReplaySource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class SeamTest {

  private static final ReplaySource LOG_FROM_100 = source("t.events", 0, 100);
  private static final ReplaySource STANDARD = source("t.events.standard", 0, 0);

  private final Seam seam = new Seam("t.events", List.of(LOG_FROM_100, STANDARD));

  private static ReplaySource source(String topic, int partition, long begin) {
    return ReplaySource.newBuilder()
        .setTopic(topic)
        .setPartition(partition)
        .setBegin(begin)
        .setNext(begin)
        .setEnd(1_000)
        .build();
  }

  private static Lane lane(ReplaySource source, long offset, RecordHeaders headers) {
    Lane lane = new Lane(source, source.getTopic().equals("t.events"));
    lane.add(
        new ConsumerRecord<>(
            source.getTopic(),
            source.getPartition(),
            offset,
            0,
            TimestampType.CREATE_TIME,
            0,
            0,
            new byte[0],
            new byte[0],
            headers,
            Optional.empty()));
    return lane;
  }

  private static Lane ofStandard(String log, int logPartition, long logOffset) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(
        HeaderNames.ORIGINAL_POSITION,
        new OriginalPosition(log, logPartition, logOffset, 0).toBytes());
    return lane(STANDARD, 7, headers);
  }

  @Test
  void whatTheLogStillHasComesFromTheLogAndWhatWasBeforeFromTheClassTopics() {
    assertThat(seam.belongs(lane(LOG_FROM_100, 100, new RecordHeaders()))).isTrue();
    assertThat(seam.belongs(ofStandard("t.events", 0, 99))).isTrue();
    assertThat(seam.belongs(ofStandard("t.events", 0, 100))).isFalse();
  }

  @Test
  void whatTheLogThatIsReadNeverHadComesFromTheClassTopics() {
    assertThat(seam.belongs(ofStandard("t.events", 5, 500))).isTrue();
    assertThat(seam.belongs(ofStandard("former.events", 0, 500))).isTrue();
    assertThat(seam.belongs(lane(STANDARD, 7, new RecordHeaders()))).isTrue();
  }
}
