package io.jimbot.eventbus.processor.kafka;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.deadletter.DeadLetterRecords;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.RecordPosition;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the dead letters of records that a topology cannot go on with, and counts them. Used by
 * topologies and by Kafka's handlers of errors, on their threads; thread-safe.
 */
public final class FailedRecords {

  /** Where the handlers find it among their settings. */
  static final String CONFIG = "eventbus.failed.records";

  private final DeadLetterRecords records;
  private final String group;
  private final Serializer<byte[]> values;
  private final Clock clock;
  private final Counting counting;
  private final RefusedRecords refused = new RefusedRecords();
  private final AtomicInteger tooLarge = new AtomicInteger(Integer.MAX_VALUE);

  /** Told of each dead letter. */
  @FunctionalInterface
  public interface Counting {
    /** One more, for that reason. */
    void count(String reason);
  }

  /**
   * A record that came out of Kafka.
   *
   * @param topic the Kafka topic
   * @param partition from 0
   * @param offset from 0
   * @param key its key; null for none
   * @param value its bytes; null for none
   * @param headers its headers
   */
  public record Origin(
      String topic,
      int partition,
      long offset,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers) {}

  /**
   * For one part.
   *
   * @param topic the topic of dead letters
   * @param group the part's application id
   * @param values gives encoded dead letters the form in which they are stored
   */
  public FailedRecords(
      String topic, String group, Serializer<byte[]> values, Clock clock, Counting counting) {
    this.records = new DeadLetterRecords(topic);
    this.group = group;
    this.values = values;
    this.clock = clock;
    this.counting = counting;
  }

  /** The topic of dead letters. */
  public String topic() {
    return records.topic();
  }

  /** The group that the dead letters say it failed at: the part's application id. */
  public String group() {
    return group;
  }

  /** What Kafka did not take. */
  RefusedRecords refused() {
    return refused;
  }

  /** What a topology writes values with, so that what Kafka refused is not handed to it again. */
  public Serializer<byte[]> guarding(Serializer<byte[]> serializer) {
    return new GuardedSerializer(serializer, refused);
  }

  /** Kafka refused a dead letter of that size: the original is left out of the next ones. */
  void letterRefused(int size) {
    tooLarge.accumulateAndGet(size, Math::min);
  }

  /**
   * The dead letter of a record, in the form in which it is stored: Kafka's handlers have no
   * serializer of their own. It holds the bytes as they lay in Kafka, and its key is the record's,
   * so that the dead letters of a key keep their order.
   *
   * @param message why, for a person
   */
  public ProducerRecord<byte[], byte[]> record(
      Origin origin, DeadLetterStage stage, DeadLetterReason reason, String message) {
    RecordPosition position =
        RecordPosition.newBuilder()
            .setTopic(origin.topic())
            .setPartition(origin.partition())
            .setOffset(origin.offset())
            .build();
    DeadLetter.Builder letter =
        DeadLetterRecords.read(position, origin.headers(), original(origin.value()))
            .setGroup(group);
    return record(origin.key(), letter, failure(stage, reason, message));
  }

  /**
   * The dead letter of a record that a topology has made out of none at hand. Nobody has had it, so
   * it names no group: a redrive is for all.
   */
  ProducerRecord<byte[], byte[]> record(
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      DeadLetterReason reason,
      String message) {
    return record(
        key,
        DeadLetterRecords.of(headers, original(value)),
        failure(DeadLetterStage.DEAD_LETTER_STAGE_PUBLISH, reason, message));
  }

  private Failure failure(DeadLetterStage stage, DeadLetterReason reason, String message) {
    return Failure.once(stage, reason, message, clock.instant());
  }

  private ProducerRecord<byte[], byte[]> record(
      byte @Nullable [] key, DeadLetter.Builder letter, Failure failure) {
    counting.count(failure.reason().word());
    ProducerRecord<byte[], byte[]> record = stored(records.record(key, letter, failure));
    return record.value().length < tooLarge.get()
        ? record
        : stored(records.record(key, letter.clearOriginal(), failure));
  }

  private ProducerRecord<byte[], byte[]> stored(ProducerRecord<byte[], byte[]> letter) {
    Headers headers = letter.headers();
    byte[] value = values.serialize(letter.topic(), headers, letter.value());
    return new ProducerRecord<>(
        letter.topic(), null, letter.timestamp(), letter.key(), value, headers);
  }

  private static @Nullable ByteString original(byte @Nullable [] value) {
    return value == null ? null : ByteString.copyFrom(value);
  }
}
