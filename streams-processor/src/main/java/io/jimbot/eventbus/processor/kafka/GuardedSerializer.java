package io.jimbot.eventbus.processor.kafka;

import io.jimbot.eventbus.processor.kafka.RefusedRecords.Refusal;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Throws where Kafka has refused a record before, so that {@link UnwritableRecords} is told and the
 * record is not handed to Kafka again. Thread-safe if the serializer behind it is.
 */
final class GuardedSerializer implements Serializer<byte[]> {

  private final Serializer<byte[]> serializer;
  private final RefusedRecords refused;

  /** A record that Kafka would refuse again. */
  static final class RefusedBefore extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient byte @Nullable [] value;
    private final transient Refusal refusal;

    private RefusedBefore(byte @Nullable [] value, Refusal refusal) {
      super(refusal.message(), null, false, false);
      this.value = value;
      this.refusal = refusal;
    }

    /** Its value as it was to be stored. */
    byte @Nullable [] value() {
      return value;
    }

    Refusal refusal() {
      return refusal;
    }
  }

  GuardedSerializer(Serializer<byte[]> serializer, RefusedRecords refused) {
    this.serializer = serializer;
    this.refused = refused;
  }

  @Override
  public byte @Nullable [] serialize(String topic, byte @Nullable [] value) {
    return serialize(topic, new RecordHeaders(), value);
  }

  @Override
  public byte @Nullable [] serialize(String topic, Headers headers, byte @Nullable [] value) {
    byte[] stored = serializer.serialize(topic, headers, value);
    Refusal refusal = refused.of(topic, headers, stored);
    if (refusal != null) {
      throw new RefusedBefore(stored, refusal);
    }
    return stored;
  }
}
