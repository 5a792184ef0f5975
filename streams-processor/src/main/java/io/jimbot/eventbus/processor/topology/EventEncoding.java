package io.jimbot.eventbus.processor.topology;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.Event;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tells an encoded event from other bytes, in a walk over the fields of its top level that parses
 * none of them: each must end where the next begins and have the wire type that the contract says.
 */
final class EventEncoding {

  private EventEncoding() {}

  /** Why the value is no event; null if it is one. */
  static @Nullable String fault(byte[] value) {
    int start = ConfluentFrame.messageStart(value);
    if (start < 0) {
      return "the frame before the message is broken";
    }
    boolean namesItsType = false;
    try {
      CodedInputStream in = CodedInputStream.newInstance(value, start, value.length - start);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int number = WireFormat.getTagFieldNumber(tag);
        if (!isOfContract(number, WireFormat.getTagWireType(tag))) {
          return "field " + number + " is not encoded as in an event";
        }
        namesItsType |= number == Event.EVENT_TYPE_FIELD_NUMBER;
        if (!in.skipField(tag)) {
          return "a group ends that never began";
        }
      }
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
    return namesItsType ? null : "it names no type of event";
  }

  /** A field that is not known may be one of a later version. */
  private static boolean isOfContract(int number, int wireType) {
    FieldDescriptor field = Event.getDescriptor().findFieldByNumber(number);
    return field == null || field.getLiteType().getWireType() == wireType;
  }
}
