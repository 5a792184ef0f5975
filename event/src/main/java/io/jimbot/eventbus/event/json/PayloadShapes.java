package io.jimbot.eventbus.event.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.events.v1.Event;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which payload message belongs to which type and subtype, by the names of the fields in the
 * event's {@code payload}: {@code money_changed} is the payload of MONEY_CHANGED, {@code
 * scoring_joker_trigger} that of SCORING with subtype JOKER_TRIGGER. Immutable.
 */
final class PayloadShapes {
  private static final String ONEOF = "payload";

  private final Map<String, Payload> byType = new HashMap<>();

  /** For the types that have them, the payloads of their subtypes. */
  private final Map<String, Map<String, Payload>> bySubtype = new HashMap<>();

  PayloadShapes(EventCatalogue catalogue, Map<String, MessageShape> known) {
    OneofDescriptor payload =
        Event.getDescriptor().getOneofs().stream()
            .filter(o -> o.getName().equals(ONEOF))
            .findFirst()
            .orElseThrow();
    for (FieldDescriptor field : payload.getFields()) {
      if (field.getNumber() != Event.JSON_FIELD_NUMBER) {
        put(
            field.getName().toUpperCase(Locale.ROOT),
            new Payload(field.getNumber(), MessageShape.of(field.getMessageType(), known)),
            catalogue);
      }
    }
  }

  private void put(String name, Payload payload, EventCatalogue catalogue) {
    String refined =
        catalogue.types().stream()
            .map(EventType::name)
            .filter(type -> name.startsWith(type + '_'))
            .findFirst()
            .orElse(null);
    if (refined == null || catalogue.type(name).known()) {
      byType.put(name, payload);
    } else {
      bySubtype
          .computeIfAbsent(refined, type -> new HashMap<>())
          .put(name.substring(refined.length() + 1), payload);
    }
  }

  /** The payload of a type, null if it has no message of its own. */
  @Nullable Payload find(String type, @Nullable String subtype) {
    Map<String, Payload> refined = subtype == null ? null : bySubtype.get(type);
    Payload payload = refined == null ? null : refined.get(subtype);
    return payload != null ? payload : byType.get(type);
  }

  /** Whether the payload of a type can depend on its subtype. */
  boolean dependsOnSubtype(String type) {
    return bySubtype.containsKey(type);
  }

  /**
   * A typed payload.
   *
   * @param number its field in the event
   * @param shape its message
   */
  record Payload(int number, MessageShape shape) {}
}
