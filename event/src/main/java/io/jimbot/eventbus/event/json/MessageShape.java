package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jimbot.events.v1.JsonMappingProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which JSON key of a message is which field: a message descriptor, compiled once for a decoder,
 * which owns it. Immutable once made, but for its guesses.
 */
final class MessageShape {
  /** Bits that tell which members an object has had; see {@link Field#bit}. */
  private static final int MOST_KEYS = 64;

  private static final String GAME_ID = "game_id";

  private final Descriptor descriptor;
  private final Guess first = new Guess();
  private KeyTable<Field> fields = new KeyTable<>(Map.of());

  private MessageShape(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Compiles a message and all that it contains; {@code known} holds the shapes that are made
   * already.
   */
  static MessageShape of(Descriptor descriptor, Map<String, MessageShape> known) {
    MessageShape shape = known.get(descriptor.getFullName());
    if (shape == null) {
      shape = new MessageShape(descriptor);
      known.put(descriptor.getFullName(), shape);
      shape.fields = new KeyTable<>(shape.compile(descriptor.getFields(), known));
    }
    return shape;
  }

  /** Compiles some of the fields of a message, by their names. */
  static MessageShape of(
      Descriptor descriptor, List<String> fieldNames, Map<String, MessageShape> known) {
    MessageShape shape = new MessageShape(descriptor);
    List<FieldDescriptor> chosen = fieldNames.stream().map(descriptor::findFieldByName).toList();
    shape.fields = new KeyTable<>(shape.compile(chosen, known));
    return shape;
  }

  private Map<String, Field> compile(
      List<FieldDescriptor> candidates, Map<String, MessageShape> known) {
    Map<String, FieldDescriptor> textFields = new HashMap<>();
    List<FieldDescriptor> named = new ArrayList<>();
    for (FieldDescriptor field : candidates) {
      String textOf = field.getOptions().getExtension(JsonMappingProto.textOf);
      if (!textOf.isEmpty()) {
        textFields.put(textOf, field);
      } else if (field.getRealContainingOneof() == null) {
        named.add(field);
      }
    }
    if (named.size() > MOST_KEYS) {
      throw new IllegalStateException(
          descriptor.getFullName() + " has more than " + MOST_KEYS + " fields");
    }
    Map<String, Field> compiled = new LinkedHashMap<>();
    for (FieldDescriptor field : named) {
      FieldDescriptor text = textFields.get(field.getName());
      compiled.put(
          field.getName(),
          new Field(
              Kind.of(field),
              field.getNumber(),
              text == null ? 0 : text.getNumber(),
              1L << compiled.size(),
              field.getName().equals(GAME_ID) && Kind.of(field) == Kind.STRING,
              element(field, known),
              ('"' + field.getName() + "\":").getBytes(UTF_8),
              new Guess()));
    }
    return compiled;
  }

  private static @Nullable Element element(FieldDescriptor field, Map<String, MessageShape> known) {
    if (field.isMapField()) {
      FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
      return new Element(Kind.single(value), shapeOf(value, known));
    }
    return field.isRepeated() || Kind.single(field) == Kind.MESSAGE
        ? new Element(Kind.single(field), shapeOf(field, known))
        : null;
  }

  private static @Nullable MessageShape shapeOf(
      FieldDescriptor field, Map<String, MessageShape> known) {
    return Kind.single(field) == Kind.MESSAGE ? of(field.getMessageType(), known) : null;
  }

  /** The field of a member's name, or null if the message has none. */
  @Nullable Field field(byte[] bytes, int from, int to) {
    return fields.get(bytes, from, to);
  }

  /** Which member came first the last time. */
  Guess first() {
    return first;
  }

  /**
   * A member that is likely to come next. Programs write the members of an object in the same order
   * every time, so that most names need not be read, only compared with what is expected. A wrong
   * guess costs a comparison.
   */
  static final class Guess {
    private @Nullable Field field;

    @Nullable Field field() {
      return field;
    }

    void learn(Field seen) {
      field = seen;
    }
  }

  /** How values of a field are written. */
  enum Kind {
    INT32,
    INT64,
    DOUBLE,
    BOOL,
    STRING,
    MESSAGE,
    REPEATED,
    MAP;

    static Kind of(FieldDescriptor field) {
      return field.isMapField() ? MAP : field.isRepeated() ? REPEATED : single(field);
    }

    static Kind single(FieldDescriptor field) {
      return switch (field.getType()) {
        case INT32 -> INT32;
        case INT64 -> INT64;
        case DOUBLE -> DOUBLE;
        case BOOL -> BOOL;
        case STRING -> STRING;
        case MESSAGE -> MESSAGE;
        default ->
            throw new IllegalStateException(
                field.getFullName() + " has a type without a JSON form");
      };
    }
  }

  /**
   * One field.
   *
   * @param kind how it is written
   * @param number its number
   * @param textNumber the number of the field that takes the string values of the same key; 0 if
   *     there is none
   * @param bit one bit of its own among the fields of the message
   * @param namesGame whether it tells which game the event belongs to
   * @param element what a list or map holds, or what a message is; null for scalars
   * @param quotedName its JSON key as it stands before a value: in quotes, with the colon
   * @param next which member came after it the last time
   */
  record Field(
      Kind kind,
      int number,
      int textNumber,
      long bit,
      boolean namesGame,
      @Nullable Element element,
      byte[] quotedName,
      Guess next) {
    Element content() {
      if (element == null) {
        throw new IllegalStateException("a scalar field has no content");
      }
      return element;
    }
  }

  /** What a list or map holds one of: a scalar, or a message with its shape. */
  record Element(Kind kind, @Nullable MessageShape shape) {
    MessageShape message() {
      if (shape == null) {
        throw new IllegalStateException("a scalar has no shape");
      }
      return shape;
    }
  }
}
