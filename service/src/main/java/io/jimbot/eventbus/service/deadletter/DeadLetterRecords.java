package io.jimbot.eventbus.service.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.RecordPosition;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The one place where dead letters become Kafka records. Immutable. */
public final class DeadLetterRecords {

  /** What the value of such a record is. */
  public static final String CONTENT_TYPE =
      "application/x-protobuf; messageType=jimbot.events.v1.DeadLetter";

  /** What they are if somebody sent JSON. */
  public static final String JSON = "application/json";

  /** The header of a dead letter that holds the ordering key which the sender chose. */
  public static final String ORDERING_KEY = "ordering-key";

  private static final byte[] CONTENT_TYPE_BYTES = CONTENT_TYPE.getBytes(UTF_8);
  private static final int MAX_MESSAGE = 4_096;

  private final String topic;

  /** For the Kafka topic of dead letters. */
  public DeadLetterRecords(String topic) {
    this.topic = topic;
  }

  /** The Kafka topic of dead letters. */
  public String topic() {
    return topic;
  }

  /**
   * What was read from a Kafka record: its bytes, its headers without credentials, its place.
   *
   * @param origin the record's place
   * @param value its value; null for none
   */
  public static DeadLetter.Builder read(
      RecordPosition origin, Iterable<Header> headers, @Nullable ByteString value) {
    return of(headers, value).setOrigin(origin);
  }

  /** The same of a record that has no place, since Kafka did not take it. */
  public static DeadLetter.Builder of(Iterable<Header> headers, @Nullable ByteString value) {
    DeadLetter.Builder letter = DeadLetter.newBuilder().putAllHeaders(KeptHeaders.of(headers));
    if (value != null) {
      letter.setOriginal(value);
    }
    return letter.setContentType(
        letter.getHeadersOrDefault(HeaderNames.CONTENT_TYPE, ByteString.EMPTY).toStringUtf8());
  }

  /**
   * The record.
   *
   * @param key orders it: dead letters of one key keep their order
   * @param letter what failed; how it did and the id are added here
   */
  public ProducerRecord<byte[], byte[]> record(
      byte @Nullable [] key, DeadLetter.Builder letter, Failure failure) {
    String message = failure.message();
    letter
        .setDeadLetterId(DeadLetterId.at(failure.last()))
        .setStage(failure.stage())
        .setReason(failure.reason().word())
        .setMessage(message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message)
        .setAttempts(failure.attempts())
        .setFirstFailedAt(WireTime.of(failure.first()))
        .setLastFailedAt(WireTime.of(failure.last()));
    Headers headers = new RecordHeaders();
    headers.add(HeaderNames.CONTENT_TYPE, CONTENT_TYPE_BYTES);
    return new ProducerRecord<>(
        topic, null, failure.last().toEpochMilli(), key, letter.build().toByteArray(), headers);
  }
}
