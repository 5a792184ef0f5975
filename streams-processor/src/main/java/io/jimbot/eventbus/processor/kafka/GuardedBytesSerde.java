package io.jimbot.eventbus.processor.kafka;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The values that topologies read and write where they name no other serializer: as they are, and
 * guarded by what Kafka has refused.
 */
public final class GuardedBytesSerde implements Serde<byte[]> {

  private @Nullable FailedRecords failures;

  @Override
  public void configure(Map<String, ?> settings, boolean isKey) {
    failures = (FailedRecords) settings.get(FailedRecords.CONFIG);
  }

  @Override
  public Serializer<byte[]> serializer() {
    return requireNonNull(failures).guarding(new ByteArraySerializer());
  }

  @Override
  public Deserializer<byte[]> deserializer() {
    return new ByteArrayDeserializer();
  }
}
