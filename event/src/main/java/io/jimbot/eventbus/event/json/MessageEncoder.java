package io.jimbot.eventbus.event.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jimbot.events.v1.JsonMappingProto;
import java.util.List;
import java.util.Map;

/**
 * Writes the fields of a message as JSON members, together with what was left over of them.
 * Stateless.
 */
final class MessageEncoder {
  /** Writes one field that is set as the member {@code name}. */
  void member(
      String name, FieldDescriptor field, Object value, LeftoverMembers leftovers, JsonSink out) {
    if (leftovers.has(name) && !leftovers.isObject(name)) {
      return;
    }
    if (field.isMapField()) {
      out.name(name);
      map(field, (List<?>) value, leftovers.within(name), out);
    } else if (field.isRepeated()) {
      out.name(name);
      list(field, (List<?>) value, leftovers.within(name), out);
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      out.name(name);
      message((Message) value, leftovers.within(name), out);
    } else if (!leftovers.has(name)) {
      out.name(name);
      scalar(value, out);
    }
  }

  private void message(Message message, LeftoverMembers leftovers, JsonSink out) {
    out.begin('{');
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      String textOf = field.getOptions().getExtension(JsonMappingProto.textOf);
      member(textOf.isEmpty() ? field.getName() : textOf, field, entry.getValue(), leftovers, out);
    }
    leftovers.writeRest(out);
    out.end('}');
  }

  private void list(
      FieldDescriptor field, List<?> elements, LeftoverMembers leftovers, JsonSink out) {
    boolean messages = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    out.begin('[');
    int index = 0;
    for (Object element : elements) {
      String position = Integer.toString(index++);
      boolean merged = messages && leftovers.isObject(position);
      if (!merged && leftovers.writeInstead(position, out)) {
        continue;
      }
      if (messages) {
        message((Message) element, leftovers.within(position), out);
      } else {
        scalar(element, out);
      }
    }
    out.end(']');
  }

  private void map(
      FieldDescriptor field, List<?> entries, LeftoverMembers leftovers, JsonSink out) {
    FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
    out.begin('{');
    for (Object entry : entries) {
      Message pair = (Message) entry;
      member((String) pair.getField(key), value, pair.getField(value), leftovers, out);
    }
    leftovers.writeRest(out);
    out.end('}');
  }

  private static void scalar(Object value, JsonSink out) {
    if (value instanceof Double number) {
      out.number(number);
    } else if (value instanceof Long || value instanceof Integer) {
      out.raw(value.toString());
    } else if (value instanceof Boolean flag) {
      out.raw(flag.toString());
    } else if (value instanceof String text) {
      out.string(text);
    } else {
      throw new IllegalStateException(
          "a field of type " + value.getClass().getName() + " has no JSON form");
    }
  }
}
