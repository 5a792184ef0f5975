package io.jimbot.eventbus.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds what one reading of a message has and another reading of the same bytes has not. */
final class MessageLosses {

  private final List<String> losses = new ArrayList<>();

  private MessageLosses() {}

  /** The paths of what is lost or changed, each with its way, in the order of the fields. */
  static List<String> between(Message present, Message proposed) {
    MessageLosses found = new MessageLosses();
    found.compare("", present, proposed);
    return found.losses;
  }

  private void compare(String path, Message present, Message proposed) {
    for (Map.Entry<FieldDescriptor, Object> entry : present.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      String at = path.isEmpty() ? field.getName() : path + "." + field.getName();
      FieldDescriptor other = proposed.getDescriptorForType().findFieldByNumber(field.getNumber());
      if (other == null) {
        losses.add(at + ": no field has number " + field.getNumber());
      } else if (field.isRepeated() != other.isRepeated()) {
        losses.add(
            at + (field.isRepeated() ? ": only the last value is left" : ": becomes a list"));
      } else if (field.isRepeated()) {
        compareAll(at, (List<?>) entry.getValue(), proposed, other);
      } else {
        compareOne(at, entry.getValue(), proposed, other);
      }
    }
  }

  private void compareOne(String at, Object value, Message proposed, FieldDescriptor other) {
    if (other.hasPresence() && !proposed.hasField(other)) {
      losses.add(at + ": is not read as " + other.getType().name().toLowerCase(Locale.ROOT));
    } else {
      compareValues(at, value, proposed.getField(other), other);
    }
  }

  private void compareAll(String at, List<?> values, Message proposed, FieldDescriptor other) {
    int left = proposed.getRepeatedFieldCount(other);
    if (left != values.size()) {
      losses.add(at + ": " + left + " of " + values.size() + " values are read");
      return;
    }
    for (int i = 0; i < left; i++) {
      compareValues(at + "[" + i + "]", values.get(i), proposed.getRepeatedField(other, i), other);
    }
  }

  private void compareValues(String at, Object before, Object after, FieldDescriptor other) {
    if (before instanceof Message present && after instanceof Message proposed) {
      compare(at, present, proposed);
    } else if (!plain(before).equals(plain(after))) {
      losses.add(at + ": reads as another value of " + other.getName());
    }
  }

  /** Values of different types that say the same are equal in this form. */
  private static Object plain(Object value) {
    if (value instanceof EnumValueDescriptor word) {
      return (long) word.getNumber();
    }
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof String text) {
      return ByteString.copyFromUtf8(text);
    }
    return value instanceof Message message ? message.toByteString() : value;
  }
}
