package io.jimbot.eventbus.gateway.delivery.history;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.jimbot.eventbus.service.kept.Gap;
import io.jimbot.eventbus.service.kept.Stretch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The stretches of a cursor, by topic; all numbers are varints, and offsets are written as the
 * distances between them, which are small.
 */
final class StretchCodec {

  private StretchCodec() {}

  static void write(List<Stretch> stretches, CodedOutputStream out) throws IOException {
    Map<String, List<Stretch>> byTopic = new TreeMap<>();
    stretches.forEach(
        stretch ->
            byTopic
                .computeIfAbsent(stretch.partition().topic(), topic -> new ArrayList<>())
                .add(stretch));
    out.writeUInt32NoTag(byTopic.size());
    for (Map.Entry<String, List<Stretch>> topic : byTopic.entrySet()) {
      out.writeStringNoTag(topic.getKey());
      out.writeUInt32NoTag(topic.getValue().size());
      for (Stretch stretch : topic.getValue()) {
        write(stretch, out);
      }
    }
  }

  private static void write(Stretch stretch, CodedOutputStream out) throws IOException {
    out.writeUInt32NoTag(stretch.partition().partition());
    out.writeUInt64NoTag(stretch.begin());
    out.writeUInt64NoTag(stretch.next() - stretch.begin());
    out.writeUInt64NoTag(stretch.end() - stretch.next());
    out.writeUInt64NoTag(stretch.fresh() - stretch.begin());
    out.writeUInt32NoTag(stretch.gaps().size());
    for (Gap gap : stretch.gaps()) {
      out.writeUInt32NoTag(gap.partition());
      out.writeUInt64NoTag(gap.begin());
      out.writeUInt64NoTag(gap.end() - gap.begin());
      out.writeUInt64NoTag(gap.from());
    }
  }

  /** Null if they make no sense. */
  static @Nullable List<Stretch> read(CodedInputStream in) throws IOException {
    List<Stretch> stretches = new ArrayList<>();
    int topics = in.readRawVarint32();
    for (int i = 0; i < topics; i++) {
      String topic = in.readString();
      int partitions = in.readRawVarint32();
      for (int j = 0; j < partitions; j++) {
        stretches.add(stretch(topic, in));
      }
    }
    return stretches.stream().allMatch(StretchCodec::isPossible) ? stretches : null;
  }

  private static Stretch stretch(String topic, CodedInputStream in) throws IOException {
    TopicPartition partition = new TopicPartition(topic, in.readRawVarint32());
    long begin = in.readRawVarint64();
    long next = begin + in.readRawVarint64();
    long end = next + in.readRawVarint64();
    long fresh = begin + in.readRawVarint64();
    List<Gap> gaps = new ArrayList<>();
    int count = in.readRawVarint32();
    for (int i = 0; i < count; i++) {
      int logPartition = in.readRawVarint32();
      long gapBegin = in.readRawVarint64();
      long gapEnd = gapBegin + in.readRawVarint64();
      gaps.add(new Gap(logPartition, gapBegin, gapEnd, in.readRawVarint64()));
    }
    return new Stretch(partition, begin, next, end, fresh, gaps);
  }

  private static boolean isPossible(Stretch stretch) {
    return stretch.partition().partition() >= 0
        && stretch.begin() >= 0
        && stretch.next() >= stretch.begin()
        && stretch.end() >= stretch.next();
  }
}
