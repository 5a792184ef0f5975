package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.catalogue.Catalogue;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Finds what keeps a record from being kept as an event. Thread-safe. */
final class EventCheck {

  private static final Set<String> CONTENT_TYPES =
      Set.of(
          "",
          "application/x-protobuf; messageType=jimbot.events.v1.Event",
          "application/x-confluent-protobuf; messageType=jimbot.events.v1.Event");

  private final Supplier<Catalogue> catalogue;

  EventCheck(Supplier<Catalogue> catalogue) {
    this.catalogue = catalogue;
  }

  /** What is wrong; null if nothing is. */
  @Nullable RecordFault fault(Record<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value == null || value.length == 0) {
      return RecordFault.unreadable("the record has no value");
    }
    Headers headers = record.headers();
    String type = EventHeaders.text(headers, HeaderNames.EVENT_TYPE);
    if (type.isEmpty()) {
      return RecordFault.unreadable(
          "the record is none of the bus's: it has no header " + HeaderNames.EVENT_TYPE);
    }
    String contentType = EventHeaders.text(headers, HeaderNames.CONTENT_TYPE);
    if (!CONTENT_TYPES.contains(contentType)) {
      return RecordFault.refused(
          DeadLetterReason.UNSUPPORTED_CONTENT_TYPE,
          "the content type " + contentType + " is not known");
    }
    RecordFault version = versionFault(type, EventHeaders.text(headers, HeaderNames.VERSION));
    if (version != null) {
      return version;
    }
    RecordFault size = sizeFault(record, type);
    if (size != null) {
      return size;
    }
    String encoding = EventEncoding.fault(value);
    return encoding == null
        ? null
        : RecordFault.unreadable("the bytes are no jimbot.events.v1.Event: " + encoding);
  }

  private @Nullable RecordFault versionFault(String type, String text) {
    Integer newest = catalogue.get().newestVersion(type);
    if (newest == null) {
      return null;
    }
    try {
      if (Long.parseLong(text) <= newest) {
        return null;
      }
    } catch (NumberFormatException e) {
      return RecordFault.refused(
          DeadLetterReason.INVALID_VERSION, "the version '" + text + "' is no number");
    }
    return RecordFault.refused(
        DeadLetterReason.FUTURE_VERSION,
        "version " + text + " of " + type + " is not known here; the newest that is, is " + newest);
  }

  private @Nullable RecordFault sizeFault(Record<byte[], byte[]> record, String type) {
    Catalogue now = catalogue.get();
    String className = now.classOf(type, EventHeaders.text(record.headers(), HeaderNames.TOPIC));
    long most = now.retention(className).maxMessageSize().toBytes();
    long size = RecordSize.upperBound(record);
    return size <= most
        ? null
        : RecordFault.refused(
            DeadLetterReason.TOO_LARGE,
            "the record has up to " + size + " bytes; the class " + className + " takes " + most);
  }
}
