package io.jimbot.eventbus.service.kept;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads stretches of the log and of class topics as one row, by time of receipt: fetches for all
 * lanes, and lets those rest that have enough at hand, so that memory is bounded. Belongs to one
 * thread, and leaves the consumer to whoever closes it. Every method may throw a {@link
 * org.apache.kafka.common.KafkaException}; it is an {@link
 * org.apache.kafka.clients.consumer.OffsetOutOfRangeException} if retention came first, and {@link
 * KeptEvents#mend} tells what is left then.
 */
public final class LaneReader {

  private final Consumer<byte[], byte[]> consumer;
  private final List<Lane> lanes;
  private final LaneMerge merge;
  private final Seam seam;
  private final long laneBytes;
  private final Map<TopicPartition, Lane> byPartition = new HashMap<>();
  private final Set<TopicPartition> paused = new HashSet<>();

  /**
   * Goes to the places of the stretches.
   *
   * @param consumer one without a group that throws if there is no such offset
   * @param log the topic of the log
   * @param bufferBytes how much may be at hand in all
   */
  public LaneReader(
      Consumer<byte[], byte[]> consumer,
      Collection<Stretch> stretches,
      String log,
      long bufferBytes) {
    this.consumer = consumer;
    this.lanes = stretches.stream().map(stretch -> new Lane(stretch, stretch.isOf(log))).toList();
    this.merge = new LaneMerge(lanes);
    this.seam = new Seam(log, stretches);
    this.laneBytes = Math.max(1, bufferBytes / Math.max(1, lanes.size()));
    lanes.stream()
        .filter(lane -> !lane.isDone())
        .forEach(lane -> byPartition.put(lane.partition(), lane));
    consumer.assign(byPartition.keySet());
    consumer.resume(consumer.paused());
    byPartition.forEach((partition, lane) -> consumer.seek(partition, lane.next()));
  }

  /** Whether nothing is left. */
  public boolean isAtEnd() {
    return merge.isAtEnd();
  }

  /**
   * Whether it is known which event comes next.
   *
   * @param patience how long to read for that
   */
  public boolean hasNext(Duration patience) {
    if (merge.needsMore()) {
      fetch(patience);
    }
    return !merge.needsMore() && !merge.isAtEnd();
  }

  /** The lane whose next event comes next; only if {@link #hasNext} says so. */
  public Lane next() {
    return merge.oldest();
  }

  /** Whether that event comes from this lane, rather than from another that has it too. */
  public boolean belongs() {
    return seam.belongs(merge.oldest());
  }

  /** Whether it comes in place of one that the log lost while it was being read. */
  public boolean fillsGap() {
    Lane oldest = merge.oldest();
    return !oldest.stretch().gaps().isEmpty() && seam.fillsGap(oldest);
  }

  /** That event is done with. */
  public void take() {
    merge.take();
  }

  /** The places, done stretches included. */
  public List<Stretch> places() {
    return lanes.stream().map(lane -> lane.stretch().at(lane.next())).toList();
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
          } else if (lane.waitingBytes() <= laneBytes / 2 && paused.remove(partition)) {
            again.add(partition);
          }
        });
    consumer.pause(full);
    consumer.resume(again);
  }
}
