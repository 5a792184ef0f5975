package io.jimbot.eventbus.proto;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import io.jimbot.events.v1.JsonMappingProto;
import java.util.Locale;

/**
 * What readers and writers of a field rely on.
 *
 * @param type the type as a .proto file writes it
 * @param arity how many values it has, and whether an absent one can be told
 * @param oneof the oneof that it belongs to; empty for none
 * @param jsonName its key in Protobuf's own JSON mapping
 * @param textOf the JSON key whose text it takes; empty for none
 */
record FieldShape(String type, String arity, String oneof, String jsonName, String textOf) {

  static FieldShape of(DescriptorProto owner, FieldDescriptorProto field) {
    return new FieldShape(
        type(owner, field),
        arity(owner, field),
        field.hasOneofIndex() && !field.getProto3Optional()
            ? owner.getOneofDecl(field.getOneofIndex()).getName()
            : "",
        field.hasJsonName() ? field.getJsonName() : camelCase(field.getName()),
        field.getOptions().getExtension(JsonMappingProto.textOf));
  }

  private static String type(DescriptorProto owner, FieldDescriptorProto field) {
    if (isMap(owner, field)) {
      DescriptorProto entry = entry(owner, field);
      return "map<" + type(entry, entry.getField(0)) + ", " + type(entry, entry.getField(1)) + ">";
    }
    return field.getTypeName().isEmpty()
        ? field.getType().name().substring("TYPE_".length()).toLowerCase(Locale.ROOT)
        : field.getTypeName().substring(1);
  }

  private static String arity(DescriptorProto owner, FieldDescriptorProto field) {
    if (isMap(owner, field)) {
      return "a map";
    }
    if (field.getLabel() == Label.LABEL_REPEATED) {
      return "repeated";
    }
    boolean presence =
        field.getProto3Optional()
            || field.hasOneofIndex()
            || field.getType() == FieldDescriptorProto.Type.TYPE_MESSAGE;
    return presence ? "singular with presence" : "singular without presence";
  }

  private static boolean isMap(DescriptorProto owner, FieldDescriptorProto field) {
    return field.getLabel() == Label.LABEL_REPEATED
        && field.getType() == FieldDescriptorProto.Type.TYPE_MESSAGE
        && entry(owner, field).getOptions().getMapEntry();
  }

  private static DescriptorProto entry(DescriptorProto owner, FieldDescriptorProto field) {
    String suffix = "." + owner.getName() + ".";
    return owner.getNestedTypeList().stream()
        .filter(nested -> field.getTypeName().endsWith(suffix + nested.getName()))
        .findFirst()
        .orElse(DescriptorProto.getDefaultInstance());
  }

  private static String camelCase(String name) {
    StringBuilder camel = new StringBuilder(name.length());
    boolean upper = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '_') {
        camel.append(upper ? Character.toUpperCase(c) : c);
      }
      upper = c == '_';
    }
    return camel.toString();
  }
}
