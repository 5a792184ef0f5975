package io.jimbot.eventbus.processor.replay;

import io.jimbot.events.v1.ReplaySource;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads what a replay is made of, as one row: fetches for all lanes, and lets those rest that have
 * enough at hand, so that memory is bounded. Belongs to one thread, which closes it; every method
 * may throw a {@link org.apache.kafka.common.KafkaException}.
 */
final class ReplayReader implements AutoCloseable {

  private final Consumer<byte[], byte[]> consumer;
  private final List<Lane> lanes;
  private final LaneMerge merge;
  private final long laneBytes;
  private final Map<TopicPartition, Lane> byPartition = new HashMap<>();
  private final Set<TopicPartition> paused = new HashSet<>();

  /**
   * Goes to the places of the sources.
   *
   * @param log the topic of the log
   * @param bufferBytes how much may be at hand in all
   */
  ReplayReader(
      Consumer<byte[], byte[]> consumer, List<ReplaySource> sources, String log, long bufferBytes) {
    this.consumer = consumer;
    this.lanes =
        sources.stream().map(source -> new Lane(source, source.getTopic().equals(log))).toList();
    this.merge = new LaneMerge(lanes);
    this.laneBytes = bufferBytes / Math.max(1, lanes.size());
    lanes.stream()
        .filter(lane -> !lane.isDone())
        .forEach(lane -> byPartition.put(lane.partition(), lane));
    consumer.assign(byPartition.keySet());
    byPartition.forEach((partition, lane) -> consumer.seek(partition, lane.next()));
  }

  /** Whether nothing is left. */
  boolean isAtEnd() {
    return merge.isAtEnd();
  }

  /**
   * Whether it is known which event comes next.
   *
   * @param patience how long to read for that
   */
  boolean hasNext(Duration patience) {
    if (merge.needsMore()) {
      fetch(patience);
    }
    return !merge.needsMore() && !merge.isAtEnd();
  }

  /** The lane whose next event comes next; only if {@link #hasNext} says so. */
  Lane next() {
    return merge.oldest();
  }

  /** That event is done with. */
  void take() {
    merge.take();
  }

  /** The places, done lanes included. */
  List<ReplaySource> places() {
    return lanes.stream().map(Lane::toSource).toList();
  }

  private void fetch(Duration patience) {
    rest();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      Lane lane = byPartition.get(new TopicPartition(record.topic(), record.partition()));
      if (lane != null) {
        lane.add(record);
      }
    }
    Set<TopicPartition> done = new HashSet<>();
    byPartition.forEach(
        (partition, lane) -> {
          if (lane.isHungry()) {
            lane.reached(consumer.position(partition));
          }
          if (lane.isDone()) {
            done.add(partition);
          }
        });
    if (!done.isEmpty()) {
      byPartition.keySet().removeAll(done);
      paused.removeAll(done);
      consumer.assign(byPartition.keySet());
    }
    merge.refresh();
  }

  private void rest() {
    Set<TopicPartition> full = new HashSet<>();
    Set<TopicPartition> again = new HashSet<>();
    byPartition.forEach(
        (partition, lane) -> {
          if (lane.waitingBytes() >= laneBytes && paused.add(partition)) {
            full.add(partition);
          } else if (lane.waitingBytes() < laneBytes / 2 && paused.remove(partition)) {
            again.add(partition);
          }
        });
    consumer.pause(full);
    consumer.resume(again);
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(ReplayClients.closeTimeout()));
  }
}
