package io.jimbot.eventbus.event.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.JsonMappingProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Makes up events in both dialects, by the descriptors of their messages: values that fit their
 * field, and now and then any other value or any other member. Not thread-safe.
 */
final class RandomEvents {
  private static final List<String> ENVELOPE_TEXTS =
      List.of("source", "game_id", "session_id", "correlation_id", "priority");
  private static final List<FieldDescriptor> PAYLOADS =
      Event.getDescriptor().getFields().stream()
          .filter(f -> f.getRealContainingOneof() != null && f.getNumber() >= 200)
          .toList();
  private static final Set<String> OWN_SUBTYPES =
      Set.of("scoring_", "learning_decision_request", "learning_decision_response");

  private final Random random;
  private final RandomJson json;

  /** One value in so many does not fit; 0 for none. */
  private final int misfits;

  RandomEvents(Random random, int misfits) {
    this.random = random;
    this.json = new RandomJson(random);
    this.misfits = misfits;
  }

  /**
   * What a type's payload is.
   *
   * @param field the payload's field; null for a type that has none
   */
  record Kind(
      String type,
      @org.jspecify.annotations.Nullable String subtype,
      @org.jspecify.annotations.Nullable FieldDescriptor field) {}

  Kind kind() {
    if (misfits > 0 && json.oneIn(8)) {
      return new Kind(
          json.pick(List.of("CUSTOM", "weather.report", "X-1", "SCORING", "LEARNING_DECISION")),
          json.oneIn(2) ? "OTHER" : null,
          null);
    }
    FieldDescriptor field =
        json.oneIn(3) ? Event.getDescriptor().findFieldByName("game_state") : json.pick(PAYLOADS);
    String name = field.getName().toUpperCase(Locale.ROOT);
    for (String prefix : List.of("SCORING_", "LEARNING_DECISION_")) {
      boolean refined =
          OWN_SUBTYPES.stream().anyMatch(field.getName()::startsWith) && name.startsWith(prefix);
      if (refined) {
        return new Kind(
            prefix.substring(0, prefix.length() - 1), name.substring(prefix.length()), field);
      }
    }
    return new Kind(name, null, field);
  }

  private boolean strange() {
    return misfits > 0 && json.oneIn(misfits);
  }

  String event() {
    return event(kind(), 2);
  }

  private String event(Kind kind, int changes) {
    List<String> members = new ArrayList<>();
    boolean mod = json.oneIn(2);
    String written =
        strange() && json.oneIn(2) ? kind.type().toLowerCase(Locale.ROOT) : kind.type();
    members.add(member(mod ? "type" : "event_type", json.quoted(written)));
    if (kind.subtype() != null) {
      members.add(member("subtype", json.quoted(kind.subtype())));
    }
    if (!json.oneIn(20)) {
      members.add(member(mod && json.oneIn(3) ? "data" : "payload", payload(kind)));
    }
    if (json.oneIn(2)) {
      members.add(member("event_id", json.quoted("id-" + random.nextInt(1_000_000))));
    }
    if (json.oneIn(2)) {
      members.add(member("timestamp", strange() ? json.value(2) : timestamp(mod)));
    }
    if (json.oneIn(2)) {
      members.add(member("version", strange() ? json.value(1) : "1"));
    }
    for (String name : ENVELOPE_TEXTS) {
      if (json.oneIn(4)) {
        members.add(member(name, strange() ? json.value(2) : text()));
      }
    }
    if (json.oneIn(6)) {
      FieldDescriptor metadata = Event.getDescriptor().findFieldByName("metadata");
      members.add(member("metadata", field(metadata, 1)));
    }
    if (json.oneIn(6)) {
      members.add(member("sequence_number", strange() ? json.value(1) : integer()));
      members.add(member("initial", strange() ? json.value(1) : "true"));
    }
    if (misfits > 0 && changes > 0 && json.oneIn(6)) {
      members.add(member("changes", changes(changes - 1)));
    }
    while (strange()) {
      members.add(json.name() + ":" + json.value(3));
    }
    return object(members);
  }

  private String changes(int depth) {
    List<String> events = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      events.add(strange() ? json.value(2) : event(kind(), depth));
    }
    return "[" + String.join(",", events) + "]";
  }

  private String timestamp(boolean mod) {
    return mod
        ? random.nextInt(1_000_000) + "." + (1 + random.nextInt(9999))
        : json.pick(
            List.of("\"2026-01-02T03:04:05.678Z\"", "\"2026-01-02T03:04:05Z\"", "1767323045678"));
  }

  private String payload(Kind kind) {
    FieldDescriptor field = kind.field();
    return field == null || strange() ? json.value(4) : message(field.getMessageType(), 4);
  }

  /** An object with any of the message's fields. */
  String message(Descriptor message, int depth) {
    List<String> members = new ArrayList<>();
    for (FieldDescriptor field : message.getFields()) {
      String textOf = field.getOptions().getExtension(JsonMappingProto.textOf);
      if (textOf.isEmpty() && json.oneIn(2)) {
        members.add(member(field.getName(), strange() ? json.value(3) : field(field, depth)));
      }
    }
    while (strange()) {
      members.add(json.name() + ":" + json.value(3));
    }
    return object(members);
  }

  private String field(FieldDescriptor field, int depth) {
    List<String> content = new ArrayList<>();
    if (field.isMapField()) {
      FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
      for (int i = misfits > 0 ? random.nextInt(5) : 1 + random.nextInt(40); i > 0; i--) {
        String name = misfits > 0 && json.oneIn(3) ? json.name() : json.spelled("n" + i);
        content.add(name + ":" + (strange() ? json.value(2) : single(value, depth - 1)));
      }
      return object(content);
    }
    if (field.isRepeated()) {
      for (int i = misfits > 0 ? random.nextInt(4) : 1 + random.nextInt(3); i > 0; i--) {
        content.add(strange() ? json.value(2) : single(field, depth - 1));
      }
      return "[" + String.join(",", content) + "]";
    }
    return single(field, depth);
  }

  private String single(FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case MESSAGE -> depth <= 0 ? "{}" : message(field.getMessageType(), depth - 1);
      case DOUBLE -> floating();
      case LONG -> integer();
      case INT -> Integer.toString(random.nextInt());
      case BOOLEAN -> json.oneIn(2) ? "true" : "false";
      default -> text();
    };
  }

  private String floating() {
    return switch (random.nextInt(5)) {
      case 0 -> Integer.toString(random.nextInt());
      case 1 ->
          String.format(Locale.ROOT, "%.9fe%d", random.nextGaussian(), random.nextInt(600) - 300);
      case 2 -> json.pick(List.of("\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "1e16", "0.0"));
      default -> Double.toString(random.nextInt(1_000_000) / 100.0);
    };
  }

  private String integer() {
    return switch (random.nextInt(3)) {
      case 0 -> Long.toString(random.nextLong());
      case 1 ->
          json.pick(List.of("0", "127", "128", "9223372036854775807", "-9223372036854775808"));
      default -> Integer.toString(random.nextInt(1000));
    };
  }

  private String text() {
    return json.quoted(
        json.pick(
            List.of(
                "",
                "Ace",
                "Blueprint",
                "a\\\"b",
                "\\u00e9\\ud83d\\ude00",
                "日本😀",
                "x".repeat(130))));
  }

  private String member(String name, String value) {
    return (misfits > 0 ? json.spelled(name) : json.quoted(name)) + ":" + value;
  }

  private String object(List<String> members) {
    Collections.shuffle(members, random);
    StringBuilder object = new StringBuilder("{");
    for (int i = 0; i < members.size(); i++) {
      object.append(i == 0 ? "" : ",").append(json.space()).append(members.get(i));
    }
    return object.append(json.space()).append('}').toString();
  }
}
