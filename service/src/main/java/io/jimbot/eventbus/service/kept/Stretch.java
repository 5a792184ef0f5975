package io.jimbot.eventbus.service.kept;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * A piece of a partition that is read, and how far it is read. Immutable.
 *
 * @param partition of the log or of a class topic
 * @param begin the first offset
 * @param next the offset to read next
 * @param end the offset to stop before
 * @param fresh the first offset that is read for the first time: before it, only what fills a gap
 *     is wanted
 * @param gaps of the log, that events from here are to fill; none if this is of the log
 */
public record Stretch(
    TopicPartition partition, long begin, long next, long end, long fresh, List<Gap> gaps) {

  /** Copies. */
  public Stretch {
    gaps = List.copyOf(gaps);
  }

  /** One that has not been read yet. */
  static Stretch of(TopicPartition partition, long begin, long end) {
    return new Stretch(partition, begin, begin, Math.max(begin, end), begin, List.of());
  }

  /** The same, read up to there. */
  Stretch at(long offset) {
    return new Stretch(partition, begin, offset, end, fresh, gaps);
  }

  /** The same, for nothing but what fills gaps. */
  Stretch forGaps() {
    return new Stretch(partition, begin, next, end, end, gaps);
  }

  /**
   * The same, read again from where events lie that fill gaps of the log.
   *
   * @param more the new gaps, of which nothing was read
   * @param where between which offsets these events lie
   */
  Stretch filling(List<Gap> more, Stretch where) {
    long again = Math.min(next, where.begin());
    List<Gap> all =
        Stream.concat(gaps.stream().map(gap -> gap.after(next)), more.stream()).toList();
    return new Stretch(
        partition,
        Math.min(begin, again),
        again,
        Math.max(end, where.end()),
        Math.max(fresh, next),
        all);
  }

  /** Whether nothing is left of it. */
  public boolean isDone() {
    return next >= end;
  }

  /** Whether it is of that topic. */
  public boolean isOf(String topic) {
    return partition.topic().equals(topic);
  }
}
