package io.jimbot.eventbus.service.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.jimbot.events.v1.Event;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The metadata of an event, found in its encoding without parsing the rest: a walk over the top
 * level's tags that jumps over every other field, the payload included.
 *
 * @param entries the metadata
 */
record EventMetadata(Map<String, String> entries) {

  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;

  /** The metadata of an encoded event; none if the bytes are no event. */
  static EventMetadata of(ByteString event) {
    Map<String, String> entries = new HashMap<>();
    try {
      CodedInputStream in = event.newCodedInput();
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == Event.METADATA_FIELD_NUMBER) {
          int end = in.pushLimit(in.readRawVarint32());
          entry(in, entries);
          in.popLimit(end);
        } else {
          in.skipField(tag);
        }
      }
    } catch (IOException e) {
      return new EventMetadata(Map.of());
    }
    return new EventMetadata(entries);
  }

  private static void entry(CodedInputStream in, Map<String, String> entries) throws IOException {
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case ENTRY_KEY -> key = in.readString();
        case ENTRY_VALUE -> value = in.readString();
        default -> in.skipField(tag);
      }
    }
    entries.put(key, value);
  }

  boolean containsAll(Map<String, String> wanted) {
    return entries.entrySet().containsAll(wanted.entrySet());
  }
}
