package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.event.HeaderNames;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * An event as it lies in the log: the stored Protobuf bytes, unparsed, and what the record's
 * headers say. Shared by all subscribers that get it; immutable, as long as nobody writes to the
 * bytes.
 */
public final class StoredEvent {

  private static final byte[] NO_BYTES = {};

  private final ConsumerRecord<byte[], byte[]> record;
  private final String topic;
  private final String type;
  private final @Nullable String source;
  private final @Nullable String gameId;
  private final @Nullable String traceparent;
  private final byte @Nullable [] idempotencyKey;
  private final long expiresAtMillis;

  /** Looks at the headers once. */
  public StoredEvent(ConsumerRecord<byte[], byte[]> record) {
    String topicOfEvent = "";
    String typeOfEvent = "";
    String sourceOfEvent = null;
    String gameOfEvent = null;
    String traceOfEvent = null;
    byte[] identity = null;
    long expiry = Long.MAX_VALUE;
    for (Header header : record.headers()) {
      byte[] value = header.value();
      if (value != null) {
        switch (header.key()) {
          case HeaderNames.TOPIC -> topicOfEvent = new String(value, UTF_8);
          case HeaderNames.EVENT_TYPE -> typeOfEvent = new String(value, UTF_8);
          case HeaderNames.SOURCE -> sourceOfEvent = new String(value, UTF_8);
          case HeaderNames.GAME_ID -> gameOfEvent = new String(value, UTF_8);
          case HeaderNames.TRACEPARENT -> traceOfEvent = new String(value, UTF_8);
          case HeaderNames.IDEMPOTENCY_KEY -> identity = value;
          case HeaderNames.EXPIRES_AT -> expiry = HeaderTime.millis(value, Long.MAX_VALUE);
          default -> {}
        }
      }
    }
    this.record = record;
    this.topic = topicOfEvent;
    this.type = typeOfEvent;
    this.source = sourceOfEvent;
    this.gameId = gameOfEvent;
    this.traceparent = traceOfEvent;
    this.idempotencyKey = identity;
    this.expiresAtMillis = expiry;
  }

  /** The logical topic; empty if the record is not one of the bus's. */
  public String topic() {
    return topic;
  }

  /** The canonical type; empty if the record is not one of the bus's. */
  public String type() {
    return type;
  }

  /** Who made it. */
  public @Nullable String source() {
    return source;
  }

  /** The game that it belongs to. */
  public @Nullable String gameId() {
    return gameId;
  }

  /** The W3C trace context that it was published under. */
  public @Nullable String traceparent() {
    return traceparent;
  }

  /** The same for two events exactly if one is a repetition of the other: 16 bytes. */
  public byte @Nullable [] idempotencyKey() {
    return idempotencyKey;
  }

  /**
   * Whether nobody is to get it any more.
   *
   * @param nowMillis the time, in milliseconds since 1970
   */
  public boolean isExpired(long nowMillis) {
    return nowMillis >= expiresAtMillis;
  }

  /** The Kafka topic that holds it. */
  public String log() {
    return record.topic();
  }

  /** Its partition, from 0. */
  public int partition() {
    return record.partition();
  }

  /** Its offset, from 0. */
  public long offset() {
    return record.offset();
  }

  /** When the bus took it in, in milliseconds since 1970. */
  public long receivedAtMillis() {
    return record.timestamp();
  }

  /** The key under which its order is kept; not to be changed. */
  public byte[] orderingKey() {
    return record.key() == null ? NO_BYTES : record.key();
  }

  /** The encoded {@code jimbot.events.v1.Event}; not to be changed. */
  public byte[] value() {
    return record.value() == null ? NO_BYTES : record.value();
  }

  /** What {@link #value} is, as a media type; empty if the record does not say. */
  public String contentType() {
    Header header = record.headers().lastHeader(HeaderNames.CONTENT_TYPE);
    return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
  }

  /** All headers of the record, the last of each name. */
  public Map<String, ByteString> headers() {
    Map<String, ByteString> headers = new HashMap<>();
    for (Header header : record.headers()) {
      if (header.value() != null) {
        headers.put(header.key(), ByteString.copyFrom(header.value()));
      }
    }
    return headers;
  }
}
