package io.jimbot.eventbus.processor.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.RecordPosition;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes the dead letters of records that a topology cannot go on with, and counts them. Used by
 * topologies and by Kafka's handlers of errors, on their threads; thread-safe.
 */
public final class FailedRecords {

  /** Where the handlers find it among their settings. */
  static final String CONFIG = "eventbus.failed.records";

  private static final byte[] CONTENT_TYPE =
      "application/x-protobuf; messageType=jimbot.events.v1.DeadLetter".getBytes(UTF_8);

  private static final byte[] NO_BYTES = {};

  private final String topic;
  private final String group;
  private final Clock clock;
  private final Counting counting;

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
   */
  public FailedRecords(String topic, String group, Clock clock, Counting counting) {
    this.topic = topic;
    this.group = group;
    this.clock = clock;
    this.counting = counting;
  }

  /** The topic of dead letters. */
  public String topic() {
    return topic;
  }

  /**
   * The dead letter of a record; its key is the record's, so that the dead letters of a key keep
   * their order.
   *
   * @param reason a stable word in lower snake case
   * @param message why, for a person
   */
  public ProducerRecord<byte[], byte[]> record(
      Origin origin, DeadLetterStage stage, String reason, String message) {
    counting.count(reason);
    Instant now = clock.instant();
    Timestamp failedAt =
        Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()).build();
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setDeadLetterId(UUID.randomUUID().toString())
            .setStage(stage)
            .setReason(reason)
            .setMessage(message)
            .setOriginal(bytes(origin.value()))
            .setAttempts(1)
            .setFirstFailedAt(failedAt)
            .setLastFailedAt(failedAt)
            .setOrigin(
                RecordPosition.newBuilder()
                    .setTopic(origin.topic())
                    .setPartition(origin.partition())
                    .setOffset(origin.offset()))
            .setGroup(group);
    for (Header header : origin.headers()) {
      letter.putHeaders(header.key(), bytes(header.value()));
    }
    letter.setContentType(
        letter.getHeadersOrDefault(HeaderNames.CONTENT_TYPE, ByteString.EMPTY).toStringUtf8());
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.CONTENT_TYPE, CONTENT_TYPE);
    return new ProducerRecord<>(
        topic,
        null,
        now.toEpochMilli(),
        origin.key() == null ? NO_BYTES : origin.key(),
        letter.build().toByteArray(),
        headers);
  }

  private static ByteString bytes(byte @Nullable [] bytes) {
    return bytes == null ? ByteString.EMPTY : ByteString.copyFrom(bytes);
  }
}
