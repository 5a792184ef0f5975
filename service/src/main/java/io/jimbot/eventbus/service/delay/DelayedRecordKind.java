package io.jimbot.eventbus.service.delay;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What a record of the topic of delayed events is, by its header {@code delayed-record}: an event,
 * if it has none.
 */
public enum DelayedRecordKind {
  /** An event that waits for its time. */
  EVENT,

  /** A request to cancel the event that the record's key names; its value is the request's id. */
  CANCEL,

  /**
   * Says that it is time for all events up to the time in its value: whoever reads it has read all
   * requests that were stored before that time.
   */
  DUE;

  private static final String HEADER = "delayed-record";

  /** What a record with these headers is. */
  public static DelayedRecordKind of(Headers headers) {
    Header header = headers.lastHeader(HEADER);
    if (header == null || header.value() == null) {
      return EVENT;
    }
    return new String(header.value(), UTF_8).equals(CANCEL.name()) ? CANCEL : DUE;
  }

  /** The header that says so. */
  public Header header() {
    return new RecordHeader(HEADER, name().getBytes(UTF_8));
  }
}
