package io.jimbot.eventbus.service.kept;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.record.OriginalPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class LaneMergeTest {

  private static final String LOG = "t.events";

  private static ConsumerRecord<byte[], byte[]> record(
      String topic, int partition, long offset, long millis, String key, RecordHeaders headers) {
    byte[] bytes = key.getBytes(UTF_8);
    return new ConsumerRecord<>(
        topic,
        partition,
        offset,
        millis,
        TimestampType.CREATE_TIME,
        bytes.length,
        bytes.length,
        bytes,
        bytes,
        headers,
        Optional.empty());
  }

  private static ConsumerRecord<byte[], byte[]> ofLog(int partition, long offset, long millis) {
    return record(LOG, partition, offset, millis, "k", new RecordHeaders());
  }

  private static ConsumerRecord<byte[], byte[]> ofClass(
      String topic, long offset, long millis, int logPartition, long logOffset) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(
        HeaderNames.ORIGINAL_POSITION,
        new OriginalPosition(LOG, logPartition, logOffset, millis).toBytes());
    return record(topic, 0, offset, millis, "k", headers);
  }

  private static Lane lane(String topic, int partition, long begin, long end) {
    return new Lane(
        Stretch.of(new TopicPartition(topic, partition), begin, end), topic.equals(LOG));
  }

  /** What comes out, as topic, partition and offset. */
  private static List<String> row(LaneMerge merge) {
    List<String> row = new ArrayList<>();
    while (!merge.needsMore() && !merge.isAtEnd()) {
      ConsumerRecord<byte[], byte[]> head = merge.oldest().head();
      row.add(head.topic() + "/" + head.partition() + "/" + head.offset());
      merge.take();
    }
    return row;
  }

  @Test
  void partitionsOfTheLogComeInTheOrderOfReceiptAndEachInItsOwnOrder() {
    long seed = Long.getLong("random.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Lane> lanes = new ArrayList<>();
      List<List<ConsumerRecord<byte[], byte[]>>> logs = new ArrayList<>();
      for (int partition = 0; partition < 4; partition++) {
        int events = random.nextInt(20);
        lanes.add(lane(LOG, partition, 0, events));
        List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
        long millis = random.nextInt(10);
        for (int offset = 0; offset < events; offset++) {
          // Clocks of several gateways: now and then one is behind.
          millis += random.nextInt(10) - 2;
          log.add(ofLog(partition, offset, millis));
        }
        logs.add(log);
      }
      LaneMerge merge = new LaneMerge(lanes);
      List<ConsumerRecord<byte[], byte[]>> row = new ArrayList<>();
      int[] given = new int[4];
      while (!merge.isAtEnd()) {
        int partition = random.nextInt(4);
        int some = Math.min(logs.get(partition).size() - given[partition], random.nextInt(4));
        for (int i = 0; i < some; i++) {
          lanes.get(partition).add(logs.get(partition).get(given[partition]++));
        }
        merge.refresh();
        while (!merge.needsMore() && !merge.isAtEnd()) {
          row.add(merge.oldest().head());
          merge.take();
        }
      }
      assertInOrder(row, logs, seed);
    }
  }

  private static void assertInOrder(
      List<ConsumerRecord<byte[], byte[]>> row,
      List<List<ConsumerRecord<byte[], byte[]>>> logs,
      long seed) {
    assertThat(row).as("seed %d", seed).hasSize(logs.stream().mapToInt(List::size).sum());
    Map<Integer, Long> next = new HashMap<>();
    Map<Integer, Long> clocks = new HashMap<>();
    long latest = Long.MIN_VALUE;
    for (ConsumerRecord<byte[], byte[]> event : row) {
      assertThat(event.offset())
          .as("seed %d", seed)
          .isEqualTo(next.merge(event.partition(), 0L, (a, b) -> a + 1));
      long clock = clocks.merge(event.partition(), event.timestamp(), Math::max);
      assertThat(clock).as("seed %d", seed).isGreaterThanOrEqualTo(latest);
      latest = clock;
    }
  }

  @Test
  void eventsOfOneMillisecondOutOfSeveralClassTopicsComeInTheOrderOfTheLog() {
    Lane standard = lane("t.events.standard", 0, 0, 3);
    Lane archive = lane("t.events.archive", 0, 0, 2);
    standard.add(ofClass("t.events.standard", 0, 1_000, 2, 10));
    archive.add(ofClass("t.events.archive", 0, 1_000, 2, 11));
    standard.add(ofClass("t.events.standard", 1, 1_000, 2, 12));
    archive.add(ofClass("t.events.archive", 1, 1_000, 2, 13));
    standard.add(ofClass("t.events.standard", 2, 1_000, 2, 14));
    LaneMerge merge = new LaneMerge(List.of(archive, standard));
    merge.refresh();

    assertThat(row(merge))
        .containsExactly(
            "t.events.standard/0/0",
            "t.events.archive/0/0",
            "t.events.standard/0/1",
            "t.events.archive/0/1",
            "t.events.standard/0/2");
    assertThat(merge.isAtEnd()).isTrue();
  }

  @Test
  void nothingComesWhileALaneMayStillHaveAnOlderEvent() {
    Lane one = lane(LOG, 0, 0, 1);
    Lane two = lane(LOG, 1, 0, 5);
    one.add(ofLog(0, 0, 1_000));
    LaneMerge merge = new LaneMerge(List.of(one, two));
    merge.refresh();
    assertThat(merge.needsMore()).isTrue();

    // Behind the last event there are only marks of transactions.
    two.reached(9);
    merge.refresh();
    assertThat(row(merge)).containsExactly("t.events/0/0");
    assertThat(merge.isAtEnd()).isTrue();
    assertThat(two.next()).isEqualTo(5);
  }

  @Test
  void whatLiesBehindTheEndIsNotTaken() {
    Lane lane = lane(LOG, 0, 0, 2);
    for (int offset = 0; offset < 4; offset++) {
      lane.add(ofLog(0, offset, offset));
    }
    LaneMerge merge = new LaneMerge(List.of(lane));
    merge.refresh();

    assertThat(row(merge)).containsExactly("t.events/0/0", "t.events/0/1");
  }
}
