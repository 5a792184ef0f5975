package io.jimbot.eventbus.service.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.RecordPosition;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * An event as it lies in the log, or in a topic that was made out of it: the stored Protobuf bytes,
 * unparsed, and what the record's headers say. The log may hold plain values and framed ones, and
 * those of other producers. Shared by all subscribers that get it; immutable, as long as nobody
 * writes to the bytes.
 */
public final class StoredEvent {

  private static final byte[] NO_BYTES = {};

  private final ConsumerRecord<byte[], byte[]> record;
  private final OriginalPosition place;
  private final RecordFacts facts;
  private final ByteString value;
  private final byte[] orderingKey;

  /**
   * Read when it is asked for first. Several threads may do that at once: they read the same, and
   * its own fields are final, so it does not matter whose stays.
   */
  private @Nullable EventMetadata metadata;

  /** Looks at the headers once; parses the event only if they are not the bus's. */
  public StoredEvent(ConsumerRecord<byte[], byte[]> record) {
    this(
        record,
        new OriginalPosition(
            record.topic(), record.partition(), record.offset(), record.timestamp()));
  }

  /**
   * The same for a record that was made out of another.
   *
   * @param place where the event was first
   */
  public StoredEvent(ConsumerRecord<byte[], byte[]> record, OriginalPosition place) {
    RecordFacts told = RecordFacts.of(record.headers());
    ForeignEvent foreign = told.areTold() ? null : ForeignEvent.of(record, told);
    byte[] bytes = record.value() == null ? NO_BYTES : record.value();
    int start = ConfluentFrame.messageStart(bytes);
    this.record = record;
    this.place = place;
    if (foreign != null) {
      this.facts = foreign.facts();
      this.value = foreign.value();
    } else if (told.areTold() && start >= 0) {
      this.facts = told;
      this.value = UnsafeByteOperations.unsafeWrap(bytes, start, bytes.length - start);
    } else {
      this.facts = RecordFacts.NONE;
      this.value = UnsafeByteOperations.unsafeWrap(bytes);
    }
    this.orderingKey = orderingKey(record, facts);
  }

  private static byte[] orderingKey(ConsumerRecord<byte[], byte[]> record, RecordFacts facts) {
    byte[] told = facts.orderingKey();
    byte[] key = told == null ? record.key() : told;
    return key == null ? NO_BYTES : key;
  }

  private StoredEvent(
      ConsumerRecord<byte[], byte[]> record,
      OriginalPosition place,
      RecordFacts facts,
      ByteString value,
      byte[] orderingKey) {
    this.record = record;
    this.place = place;
    this.facts = facts;
    this.value = value;
    this.orderingKey = orderingKey;
  }

  /**
   * The same as another version of its type has it; where it lies and what its headers say besides
   * stays.
   */
  public StoredEvent inVersion(int version, ByteString encoded) {
    return new StoredEvent(record, place, facts.inVersion(version), encoded, orderingKey);
  }

  /** Whether it is an event at all; anybody may have written anything into the log. */
  public boolean isEvent() {
    return facts.areTold();
  }

  /** The logical topic; empty if the record is no event. */
  public String topic() {
    return facts.topic();
  }

  /** The canonical type; empty if the record is no event. */
  public String type() {
    return facts.type();
  }

  /** Who made it. */
  public @Nullable String source() {
    return facts.source();
  }

  /** The version of its payload's schema, from 1, which it also is if the event says none. */
  public int version() {
    return facts.version();
  }

  /** The game that it belongs to. */
  public @Nullable String gameId() {
    return facts.gameId();
  }

  /** The W3C trace context that it was published under. */
  public @Nullable String traceparent() {
    return facts.traceparent();
  }

  /**
   * The one group, queue or topology that it is meant for, because it came again from the dead
   * letters for that one only; null if it is for everybody.
   */
  public @Nullable String forGroup() {
    return facts.forGroup();
  }

  /** The same for two events exactly if one is a repetition of the other: 16 bytes. */
  public byte @Nullable [] idempotencyKey() {
    return facts.idempotencyKey();
  }

  /**
   * Whether nobody is to get it any more.
   *
   * @param nowMillis the time, in milliseconds since 1970
   */
  public boolean isExpired(long nowMillis) {
    return nowMillis >= facts.expiresAtMillis();
  }

  /** The Kafka topic that holds it, or held it first. */
  public String log() {
    return place.topic();
  }

  /** Its partition there, from 0. */
  public int partition() {
    return place.partition();
  }

  /** Its offset there, from 0. */
  public long offset() {
    return place.offset();
  }

  /** When the bus took it in, in milliseconds since 1970. */
  public long receivedAtMillis() {
    return record.timestamp();
  }

  /** The key under which its order is kept; not to be changed. */
  public byte[] orderingKey() {
    return orderingKey;
  }

  /**
   * The encoded {@code jimbot.events.v1.Event}, without a frame and without copying it; the whole
   * value if the record is no event.
   */
  public ByteString value() {
    return value;
  }

  /** The metadata in its value, which is walked through for the first who asks only. */
  EventMetadata metadata() {
    EventMetadata known = metadata;
    if (known == null) {
      known = EventMetadata.of(value);
      metadata = known;
    }
    return known;
  }

  /**
   * What its value and its ordering key have, in bytes: what it takes of memory and of a message,
   * as far as it is not the same for all events.
   */
  public int size() {
    return value.size() + orderingKey.length;
  }

  /** Its place in Kafka, or the first one that it had. */
  public RecordPosition position() {
    return RecordPosition.newBuilder()
        .setTopic(place.topic())
        .setPartition(place.partition())
        .setOffset(place.offset())
        .build();
  }

  /** All headers of the record; not to be changed. */
  public Iterable<Header> headers() {
    return record.headers();
  }
}
