package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.eventbus.event.HeaderNames;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The version of an event's payload as its record's header says it, see {@link HeaderNames}. */
public final class VersionHeader {

  /** That of most events, made once. */
  private static final Header FIRST = make(EventFacts.FIRST_VERSION);

  private VersionHeader() {}

  /** The header of a version. */
  public static Header of(int version) {
    return version == EventFacts.FIRST_VERSION ? FIRST : make(version);
  }

  private static Header make(int version) {
    return new RecordHeader(HeaderNames.VERSION, Integer.toString(version).getBytes(UTF_8));
  }

  /** The version that a header's value says; the first one if that is none. */
  public static int read(byte[] value) {
    try {
      return Math.max(EventFacts.FIRST_VERSION, Integer.parseInt(new String(value, UTF_8)));
    } catch (NumberFormatException e) {
      return EventFacts.FIRST_VERSION;
    }
  }
}
