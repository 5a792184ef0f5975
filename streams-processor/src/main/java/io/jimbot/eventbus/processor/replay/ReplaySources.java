package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.kept.Gap;
import io.jimbot.eventbus.service.kept.Stretch;
import io.jimbot.events.v1.ReplayGap;
import io.jimbot.events.v1.ReplaySource;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Writes down what a replay reads, and how far it has come, and reads that again. */
final class ReplaySources {

  private ReplaySources() {}

  static List<Stretch> read(List<ReplaySource> sources) {
    return sources.stream().map(ReplaySources::stretch).toList();
  }

  private static Stretch stretch(ReplaySource source) {
    return new Stretch(
        new TopicPartition(source.getTopic(), source.getPartition()),
        source.getBegin(),
        source.getNext(),
        source.getEnd(),
        source.getFresh(),
        source.getGapsList().stream().map(ReplaySources::gap).toList());
  }

  private static Gap gap(ReplayGap gap) {
    return new Gap(gap.getPartition(), gap.getBegin(), gap.getEnd(), gap.getFrom());
  }

  static List<ReplaySource> write(List<Stretch> stretches) {
    return stretches.stream().map(ReplaySources::source).toList();
  }

  private static ReplaySource source(Stretch stretch) {
    return ReplaySource.newBuilder()
        .setTopic(stretch.partition().topic())
        .setPartition(stretch.partition().partition())
        .setBegin(stretch.begin())
        .setNext(stretch.next())
        .setEnd(stretch.end())
        .setFresh(stretch.fresh())
        .addAllGaps(stretch.gaps().stream().map(ReplaySources::gap).toList())
        .build();
  }

  private static ReplayGap gap(Gap gap) {
    return ReplayGap.newBuilder()
        .setPartition(gap.partition())
        .setBegin(gap.begin())
        .setEnd(gap.end())
        .setFrom(gap.from())
        .build();
  }
}
