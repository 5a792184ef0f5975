package io.jimbot.eventbus.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps what a follower tells; throws on the value {@value #POISON}. Any thread may look. */
final class RecordingFold implements TopicFold {

  static final String POISON = "poison";

  private final List<String> values = new CopyOnWriteArrayList<>();
  private final AtomicInteger placesLost = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger ticks = new AtomicInteger();
  private final AtomicInteger otherPartitions = new AtomicInteger();
  private final String otherTopic;

  RecordingFold(String otherTopic) {
    this.otherTopic = otherTopic;
  }

  List<String> values() {
    return List.copyOf(values);
  }

  int placesLost() {
    return placesLost.get();
  }

  int failures() {
    return failures.get();
  }

  int ticks() {
    return ticks.get();
  }

  /** How many partitions the other topic had at the last look. */
  int otherPartitions() {
    return otherPartitions.get();
  }

  @Override
  public void read(ConsumerRecord<byte[], byte[]> record) {
    String value = new String(record.value(), UTF_8);
    if (value.equals(POISON)) {
      throw new IllegalArgumentException("this record cannot be taken in");
    }
    values.add(value);
  }

  @Override
  public void placeLost() {
    placesLost.incrementAndGet();
  }

  @Override
  public void tick() {
    ticks.incrementAndGet();
  }

  @Override
  public void failed() {
    failures.incrementAndGet();
  }

  @Override
  public void looking(ToIntFunction<String> partitions) {
    otherPartitions.set(partitions.applyAsInt(otherTopic));
  }
}
