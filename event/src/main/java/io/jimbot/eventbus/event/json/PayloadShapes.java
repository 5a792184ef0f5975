package io.jimbot.eventbus.event.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.events.v1.Event;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which payload message belongs to which type and subtype, by the names of the fields in the
 * event's {@code payload}: {@code money_changed} is the payload of MONEY_CHANGED, {@code
 * scoring_joker_trigger} that of SCORING with subtype JOKER_TRIGGER. Immutable.
 */
final class PayloadShapes {
  private static final String ONEOF = "payload";

  private final Map<String, Payload> byName;
  private final Set<String> refined;

  PayloadShapes(EventCatalogue catalogue, Map<String, MessageShape> known) {
    OneofDescriptor payload =
        Event.getDescriptor().getOneofs().stream()
            .filter(o -> o.getName().equals(ONEOF))
            .findFirst()
            .orElseThrow();
    Map<String, Payload> shapes = new HashMap<>();
    for (FieldDescriptor field : payload.getFields()) {
      if (field.getNumber() != Event.JSON_FIELD_NUMBER) {
        shapes.put(
            field.getName().toUpperCase(Locale.ROOT),
            new Payload(field.getNumber(), MessageShape.of(field.getMessageType(), known)));
      }
    }
    byName = Map.copyOf(shapes);
    refined =
        catalogue.types().stream()
            .map(EventType::name)
            .filter(type -> shapes.keySet().stream().anyMatch(name -> name.startsWith(type + '_')))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The payload of a type, null if it has no message of its own. */
  @Nullable Payload find(String type, @Nullable String subtype) {
    if (subtype != null) {
      Payload refined = byName.get(type + '_' + subtype);
      if (refined != null) {
        return refined;
      }
    }
    return byName.get(type);
  }

  /** Whether the payload of a type can depend on its subtype. */
  boolean dependsOnSubtype(String type) {
    return refined.contains(type);
  }

  /**
   * A typed payload.
   *
   * @param number its field in the event
   * @param shape its message
   */
  record Payload(int number, MessageShape shape) {}
}
