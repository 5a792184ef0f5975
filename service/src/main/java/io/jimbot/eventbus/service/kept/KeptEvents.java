package io.jimbot.eventbus.service.kept;

import io.jimbot.eventbus.service.kafka.KafkaTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds where the events of a time lie: in the log, from the first one to the end that the log has
 * now, and in the class topics for what the log no longer has. Blocks, and may throw a {@link
 * KafkaException}; for one thread.
 */
public final class KeptEvents {

  /** How far the clocks of gateways may differ: a partition is not quite in the order of times. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final KafkaTopics topics;
  private final Consumer<byte[], byte[]> consumer;
  private final PartitionEnds ends;
  private final TopicOffsets offsets;

  /**
   * Asks through a consumer, and leaves its places as they are.
   *
   * @param ends what counts as the end of a partition; the same for what is planned and what is
   *     mended later, since a plan that goes further than its topic is taken for another topic's
   */
  public KeptEvents(KafkaTopics topics, Consumer<byte[], byte[]> consumer, PartitionEnds ends) {
    this.topics = topics;
    this.consumer = consumer;
    this.ends = ends;
    this.offsets = new TopicOffsets(consumer, ends);
  }

  /**
   * What is to be read for the events of a time: all partitions of the log, and those of class
   * topics that have something.
   *
   * @param fromMillis taken in at this time or later, in milliseconds since 1970
   * @param untilMillis taken in before this time
   */
  public List<Stretch> between(long fromMillis, long untilMillis) {
    List<TopicPartition> log =
        partitions(consumer.partitionsFor(topics.events()))
            .sorted(Comparator.comparingInt(TopicPartition::partition))
            .toList();
    if (log.isEmpty()) {
      throw new KafkaException("the topic " + topics.events() + " is not there");
    }
    List<Stretch> stretches = new ArrayList<>();
    Map<TopicPartition, Long> begins = offsets.from(log, fromMillis);
    Map<TopicPartition, Long> stops = offsets.until(log, later(untilMillis));
    log.forEach(p -> stretches.add(Stretch.of(p, at(begins, p), at(stops, p))));
    long seamMillis = seam(log, fromMillis);
    if (seamMillis >= fromMillis) {
      stretches.addAll(ofClasses(log.size(), fromMillis, Math.min(seamMillis, untilMillis)));
    }
    return stretches;
  }

  /**
   * What is left of stretches: where retention has deleted what was not read yet, reading goes on
   * behind it, and what was of the log is looked for in the class topics. Nothing is left of a
   * class topic that is not there any more.
   *
   * @param sinceMillis all that was taken in earlier has been read, but for the differences of
   *     clocks
   * @param untilMillis what is wanted was taken in before this time
   * @throws OtherLogException if a stretch goes further than its topic, or the log is gone
   */
  public Mended mend(List<Stretch> stretches, long sinceMillis, long untilMillis) {
    Set<TopicPartition> open =
        stretches.stream()
            .filter(s -> !s.isDone())
            .map(Stretch::partition)
            .collect(Collectors.toSet());
    Set<TopicPartition> gone = gone(open);
    open.removeAll(gone);
    Map<TopicPartition, Long> oldest = consumer.beginningOffsets(open);
    Map<TopicPartition, Long> newest = ends.of(open);
    Map<TopicPartition, Stretch> mended = new LinkedHashMap<>();
    List<Gap> gaps = new ArrayList<>();
    long deleted = 0;
    for (Stretch stretch : stretches) {
      TopicPartition partition = stretch.partition();
      long next = stretch.next();
      if (gone.contains(partition)) {
        next = stretch.end();
      } else if (!stretch.isDone()) {
        if (stretch.end() > at(newest, partition)) {
          throw new OtherLogException(partition + " does not go as far as it did");
        }
        next = Math.min(stretch.end(), Math.max(next, at(oldest, partition)));
      }
      if (next > stretch.next() && isLog(partition)) {
        gaps.add(new Gap(partition.partition(), stretch.next(), next, 0));
      }
      deleted += next - stretch.next();
      mended.put(partition, stretch.at(next));
    }
    if (!gaps.isEmpty()) {
      fill(gaps, mended, sinceMillis, untilMillis);
    }
    return new Mended(List.copyOf(mended.values()), deleted);
  }

  /** Asks for each topic by name: one that this client must not see is not taken for gone. */
  private Set<TopicPartition> gone(Set<TopicPartition> partitions) {
    Set<TopicPartition> gone = new HashSet<>(partitions);
    partitions.stream()
        .map(TopicPartition::topic)
        .distinct()
        .flatMap(topic -> partitions(consumer.partitionsFor(topic)))
        .forEach(gone::remove);
    for (TopicPartition partition : gone) {
      if (isLog(partition)) {
        throw new OtherLogException(partition + " is not there any more");
      }
    }
    return gone;
  }

  private void fill(
      List<Gap> gaps, Map<TopicPartition, Stretch> mended, long sinceMillis, long untilMillis) {
    List<TopicPartition> log = mended.keySet().stream().filter(this::isLog).toList();
    long until = Math.min(seam(log, 0), untilMillis);
    for (Stretch found : ofClasses(log.size(), sinceMillis - SKEW.toMillis(), until)) {
      Stretch known = mended.getOrDefault(found.partition(), found.forGaps());
      mended.put(found.partition(), known.filling(gaps, found));
    }
  }

  private boolean isLog(TopicPartition partition) {
    return partition.topic().equals(topics.events());
  }

  /** Those that have something. */
  private List<Stretch> ofClasses(int logPartitions, long fromMillis, long untilMillis) {
    String prefix = topics.ofClass("");
    List<List<PartitionInfo>> classes =
        consumer.listTopics().entrySet().stream()
            .filter(topic -> topic.getKey().startsWith(prefix))
            .sorted(Map.Entry.comparingByKey())
            .map(Map.Entry::getValue)
            .toList();
    List<TopicPartition> all = classes.stream().flatMap(KeptEvents::partitions).toList();
    // With as many partitions as the log has, each holds events of one of the log's, in its order;
    // else one that was behind may have come after those of others.
    List<TopicPartition> inOrder =
        classes.stream()
            .filter(topic -> topic.size() == logPartitions)
            .flatMap(KeptEvents::partitions)
            .toList();
    Map<TopicPartition, Long> begins = offsets.from(all, fromMillis);
    Map<TopicPartition, Long> stops = new HashMap<>(ends.of(all));
    stops.putAll(offsets.until(inOrder, later(untilMillis)));
    return all.stream()
        .map(partition -> Stretch.of(partition, at(begins, partition), at(stops, partition)))
        .filter(stretch -> !stretch.isDone())
        .toList();
  }

  /**
   * Until when the class topics are needed, in milliseconds since 1970; before all time if the log
   * has all that is wanted.
   *
   * @param fromMillis the time of the first event that is wanted
   */
  private long seam(List<TopicPartition> log, long fromMillis) {
    Map<TopicPartition, OffsetAndTimestamp> first = offsets.times(log, 0);
    long seam = Long.MIN_VALUE;
    for (Map.Entry<TopicPartition, Long> oldest : consumer.beginningOffsets(log).entrySet()) {
      OffsetAndTimestamp kept = first.get(oldest.getKey());
      long keptMillis = kept == null ? Long.MAX_VALUE : later(kept.timestamp());
      if (oldest.getValue() > 0 && keptMillis >= fromMillis) {
        seam = Math.max(seam, keptMillis);
      }
    }
    return seam;
  }

  private static long later(long millis) {
    return millis > Long.MAX_VALUE - SKEW.toMillis() ? Long.MAX_VALUE : millis + SKEW.toMillis();
  }

  private static Stream<TopicPartition> partitions(List<PartitionInfo> topic) {
    return topic.stream().map(info -> new TopicPartition(info.topic(), info.partition()));
  }

  private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return Objects.requireNonNull(offsets.get(partition));
  }
}
