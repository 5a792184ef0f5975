package io.jimbot.eventbus.service.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.record.OriginalPosition;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class SeamTest {

  private static final String LOG = "t.events";
  private static final Stretch LOG_FROM_100 = Stretch.of(new TopicPartition(LOG, 0), 100, 1_000);
  private static final Stretch STANDARD =
      Stretch.of(new TopicPartition("t.events.standard", 0), 0, 1_000);

  private final Seam seam = new Seam(LOG, List.of(LOG_FROM_100, STANDARD));

  private static Lane lane(Stretch stretch, long offset, RecordHeaders headers) {
    Lane lane = new Lane(stretch, stretch.isOf(LOG));
    lane.add(
        new ConsumerRecord<>(
            stretch.partition().topic(),
            stretch.partition().partition(),
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

  private static Lane of(Stretch stretch, long offset, String log, int partition, long logOffset) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(
        HeaderNames.ORIGINAL_POSITION,
        new OriginalPosition(log, partition, logOffset, 0).toBytes());
    return lane(stretch, offset, headers);
  }

  private static Lane ofStandard(String log, int partition, long logOffset) {
    return of(STANDARD, 7, log, partition, logOffset);
  }

  @Test
  void whatTheLogStillHasComesFromTheLogAndWhatWasBeforeFromTheClassTopics() {
    assertThat(seam.belongs(lane(LOG_FROM_100, 100, new RecordHeaders()))).isTrue();
    assertThat(seam.belongs(ofStandard(LOG, 0, 99))).isTrue();
    assertThat(seam.belongs(ofStandard(LOG, 0, 100))).isFalse();
  }

  @Test
  void whatTheLogThatIsReadNeverHadComesFromTheClassTopics() {
    assertThat(seam.belongs(ofStandard(LOG, 5, 500))).isTrue();
    assertThat(seam.belongs(ofStandard("former.events", 0, 500))).isTrue();
    assertThat(seam.belongs(lane(STANDARD, 7, new RecordHeaders()))).isTrue();
  }

  @Test
  void whatTheLogLostMeanwhileComesFromTheClassTopicsAndNothingElseComesAgain() {
    // Up to 50 the class topic was read; the log was to go on at 200 and begins at 300 now.
    Stretch again =
        STANDARD
            .at(50)
            .filling(List.of(new Gap(0, 200, 300, 0)), Stretch.of(STANDARD.partition(), 20, 1_000));

    assertThat(again.next()).isEqualTo(20);
    assertThat(seam.belongs(of(again, 30, LOG, 0, 99))).as("read before").isFalse();
    assertThat(seam.belongs(of(again, 50, LOG, 0, 99))).as("not read before").isTrue();
    assertThat(seam.belongs(of(again, 30, LOG, 0, 199))).as("of the log, read").isFalse();
    assertThat(seam.belongs(of(again, 30, LOG, 0, 200))).as("lost").isTrue();
    assertThat(seam.belongs(of(again, 60, LOG, 0, 299))).as("lost").isTrue();
    assertThat(seam.belongs(of(again, 60, LOG, 0, 300))).as("of the log, to come").isFalse();
    assertThat(seam.belongs(of(again, 60, LOG, 1, 250))).as("another partition").isTrue();
  }

  @Test
  void aGapThatWasFilledBeforeIsNotFilledAgain() {
    Stretch first = STANDARD.at(50).filling(List.of(new Gap(0, 200, 300, 0)), STANDARD);
    Stretch second = first.at(80).filling(List.of(new Gap(0, 400, 500, 0)), STANDARD);

    assertThat(seam.belongs(of(second, 79, LOG, 0, 250))).as("read before").isFalse();
    assertThat(seam.belongs(of(second, 80, LOG, 0, 250))).as("not read before").isTrue();
    assertThat(seam.belongs(of(second, 10, LOG, 0, 450))).as("of the new gap").isTrue();
    assertThat(seam.belongs(of(second, 70, LOG, 0, 99))).as("read before").isFalse();
  }
}
