package io.jimbot.eventbus.gateway.ingest;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body that a transport has read in full, with what the transport knows about its sender.
 *
 * @param body the bytes; the receiver of this record owns the array and may keep it
 * @param length how many bytes of {@code body} count, from 0
 * @param kind what the transport was told about the bytes
 * @param producer who sent it: a client id, an API key's name, or an address; part of the ordering
 *     key of events that name neither a game nor a session
 * @param orderingKey the ordering key that the sender chose for everything in the body, if any
 * @param traceparent the W3C trace context that came with it, already checked for its form, if any
 * @param receivedAt when the first byte came in, by the wall clock
 * @param timing when subscribers are to get it
 */
public record Submission(
    byte[] body,
    int length,
    Kind kind,
    String producer,
    @Nullable String orderingKey,
    @Nullable String traceparent,
    Instant receivedAt,
    Timing timing) {

  /** What a body is expected to hold. */
  public enum Kind {
    /** One event. */
    SINGLE,
    /** A batch: an object with {@code events}, an array, or one event per line. */
    BATCH,
    /** One event per line, said to be so by the media type. */
    LINES,
    /** Events of a batch in Protobuf, decoded already; the body holds those that are refused. */
    PROTOBUF_BATCH
  }

  /** The same with another trace context. */
  Submission tracedAs(@Nullable String context) {
    return Objects.equals(context, traceparent)
        ? this
        : new Submission(body, length, kind, producer, orderingKey, context, receivedAt, timing);
  }
}
