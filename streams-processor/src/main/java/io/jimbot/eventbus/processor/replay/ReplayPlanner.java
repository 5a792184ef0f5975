package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayRequest;
import io.jimbot.events.v1.ReplaySource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds what a replay is to read: the log from the first event of its time to the end that the log
 * has now, and the class topics for what the log no longer has. Blocks, and may throw a {@link
 * KafkaException}; for one thread.
 */
final class ReplayPlanner {

  /** How far the clocks of gateways may differ: a partition is not quite in the order of times. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final KafkaTopics topics;
  private final Consumer<byte[], byte[]> consumer;

  ReplayPlanner(KafkaTopics topics, Consumer<byte[], byte[]> consumer) {
    this.topics = topics;
    this.consumer = consumer;
  }

  /**
   * What is read.
   *
   * @param sources the partitions, all of the log's and those of class topics that have something
   * @param logPartitions how many partitions the log has
   */
  record Plan(List<ReplaySource> sources, int logPartitions) {}

  Plan plan(ReplayRequest request) {
    Map<String, List<PartitionInfo>> all = consumer.listTopics();
    List<PartitionInfo> log = all.get(topics.events());
    if (log == null || log.isEmpty()) {
      throw new KafkaException("the topic " + topics.events() + " is not there");
    }
    long from = request.hasFrom() ? Times.instant(request.getFrom()).toEpochMilli() : 0;
    long until = Times.instant(request.getUntil()).plus(SKEW).toEpochMilli();
    Range ofLog = range(partitions(log), from, until);
    List<ReplaySource> sources = new ArrayList<>(ofLog.sources(true));
    Long seamMillis = seam(ofLog, from);
    if (seamMillis != null) {
      String classes = topics.ofClass("");
      List<TopicPartition> older =
          all.entrySet().stream()
              .filter(topic -> topic.getKey().startsWith(classes))
              .flatMap(topic -> partitions(topic.getValue()).stream())
              .toList();
      sources.addAll(range(older, from, Math.min(until, seamMillis)).sources(false));
    }
    return new Plan(sources, log.size());
  }

  /**
   * Until when the class topics are needed; null if the log has all that is wanted.
   *
   * @param from the time of the first event that is wanted
   */
  private @org.jspecify.annotations.Nullable Long seam(Range log, long from) {
    Map<TopicPartition, OffsetAndTimestamp> first = times(log.oldest().keySet(), 0);
    long seam = Long.MIN_VALUE;
    for (Map.Entry<TopicPartition, Long> oldest : log.oldest().entrySet()) {
      OffsetAndTimestamp kept = first.get(oldest.getKey());
      boolean lost = oldest.getValue() > 0 && (kept == null || kept.timestamp() >= from);
      if (lost) {
        seam = Math.max(seam, kept == null ? Long.MAX_VALUE : kept.timestamp() + SKEW.toMillis());
      }
    }
    return seam == Long.MIN_VALUE ? null : seam;
  }

  /** What some partitions have of a time. */
  private record Range(
      Map<TopicPartition, Long> oldest,
      Map<TopicPartition, Long> begin,
      Map<TopicPartition, Long> end) {

    List<ReplaySource> sources(boolean emptyToo) {
      return begin.keySet().stream()
          .sorted(
              Comparator.comparing(TopicPartition::topic)
                  .thenComparingInt(TopicPartition::partition))
          .map(this::source)
          .filter(source -> emptyToo || source.getBegin() < source.getEnd())
          .toList();
    }

    private ReplaySource source(TopicPartition partition) {
      long from = Objects.requireNonNull(begin.get(partition));
      return ReplaySource.newBuilder()
          .setTopic(partition.topic())
          .setPartition(partition.partition())
          .setBegin(from)
          .setNext(from)
          .setEnd(Math.max(from, Objects.requireNonNull(end.get(partition))))
          .build();
    }
  }

  private Range range(Collection<TopicPartition> partitions, long from, long until) {
    Map<TopicPartition, Long> oldest = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> end = new HashMap<>(consumer.endOffsets(partitions));
    Map<TopicPartition, Long> begin = new HashMap<>(from == 0 ? oldest : end);
    if (from > 0) {
      times(partitions, from).forEach((partition, found) -> begin.put(partition, found.offset()));
    }
    if (until < Instant.now().toEpochMilli()) {
      times(partitions, until).forEach((partition, found) -> end.put(partition, found.offset()));
    }
    return new Range(oldest, begin, end);
  }

  /** The first event of each partition at a time or later; those that have none are left out. */
  private Map<TopicPartition, OffsetAndTimestamp> times(
      Collection<TopicPartition> partitions, long millis) {
    Map<TopicPartition, Long> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, millis));
    Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>(consumer.offsetsForTimes(asked));
    found.values().removeIf(Objects::isNull);
    return found;
  }

  private static List<TopicPartition> partitions(List<PartitionInfo> infos) {
    return infos.stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
  }
}
