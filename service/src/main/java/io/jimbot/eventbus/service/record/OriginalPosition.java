package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jimbot.eventbus.event.HeaderNames;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Where an event was first, as records that are made out of others say it in the header {@link
 * HeaderNames#ORIGINAL_POSITION}. Immutable.
 *
 * @param topic the Kafka topic
 * @param partition its partition, from 0
 * @param offset its offset, from 0
 * @param receivedAtMillis when the bus took it in, in milliseconds since 1970
 */
public record OriginalPosition(String topic, int partition, long offset, long receivedAtMillis) {

  private static final int PARTS = 4;

  /** That of an event: where its record says that it was first, else where it is. */
  public static OriginalPosition of(ConsumerRecord<byte[], byte[]> record) {
    OriginalPosition said = read(record.headers());
    return said == null
        ? new OriginalPosition(
            record.topic(), record.partition(), record.offset(), record.timestamp())
        : said;
  }

  /** What a record's headers say; null if that is nothing, or makes no sense. */
  public static @Nullable OriginalPosition read(Headers headers) {
    Header header = headers.lastHeader(HeaderNames.ORIGINAL_POSITION);
    if (header == null || header.value() == null) {
      return null;
    }
    String[] parts = new String(header.value(), US_ASCII).split("/", -1);
    if (parts.length != PARTS) {
      return null;
    }
    try {
      return new OriginalPosition(
          parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The header's value. */
  public byte[] toBytes() {
    return (topic + '/' + partition + '/' + offset + '/' + receivedAtMillis).getBytes(US_ASCII);
  }
}
