package io.jimbot.eventbus.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Which types of event there are, which logical topic and which retention class each has.
 * Immutable.
 *
 * <p>Read from one YAML file: below {@code types}, for each type a line {@code TYPE: {topic: …,
 * retention: …}}. What the file says of retention and versions besides is not this class's.
 */
public final class EventCatalogue {
  private static final String RESOURCE = "catalogue.yaml";

  /** Retention class of types that the catalogue does not list. */
  private static final String UNLISTED_RETENTION = "standard";

  private final Map<String, EventType> types;

  private EventCatalogue(Map<String, EventType> types) {
    this.types = Map.copyOf(types);
  }

  /** The catalogue that the bus ships with. */
  public static EventCatalogue builtIn() {
    try (InputStream in =
        Objects.requireNonNull(EventCatalogue.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the built-in catalogue cannot be read", e);
    }
  }

  /**
   * Reads a catalogue.
   *
   * @throws IOException if it cannot be read or is not as described above; the message names the
   *     line
   */
  public static EventCatalogue read(InputStream yaml) throws IOException {
    Map<String, EventType> types = new LinkedHashMap<>();
    try (JsonParser parser = new YAMLFactory().createParser(yaml)) {
      require(parser, parser.nextToken() == JsonToken.START_OBJECT, "a map with types");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean listsTypes = parser.currentName().equals("types");
        boolean isMap = parser.nextToken() == JsonToken.START_OBJECT;
        if (listsTypes) {
          require(parser, isMap, "a map of event types");
          readTypes(parser, types);
        } else {
          parser.skipChildren();
        }
      }
      require(parser, parser.nextToken() == null, "nothing more");
    }
    return new EventCatalogue(types);
  }

  /** Of types that were read elsewhere. */
  public static EventCatalogue of(Collection<EventType> types) {
    Map<String, EventType> byName = new LinkedHashMap<>();
    types.forEach(type -> byName.put(type.name(), type));
    return new EventCatalogue(byName);
  }

  private static void readTypes(JsonParser parser, Map<String, EventType> types)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      require(
          parser, name.equals(EventType.canonical(name)), "a type in canonical form, not " + name);
      require(parser, !types.containsKey(name), "each type once, not again " + name);
      types.put(name, type(name, parser));
    }
  }

  private static EventType type(String name, JsonParser parser) throws IOException {
    require(parser, parser.nextToken() == JsonToken.START_OBJECT, "topic and retention of " + name);
    Map<String, String> properties = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String property = parser.currentName();
      require(parser, !properties.containsKey(property), "each property of " + name + " once");
      properties.put(property, parser.nextTextValue());
    }
    String topic = properties.remove("topic");
    String retention = properties.remove("retention");
    properties.remove("version");
    require(
        parser,
        topic != null && retention != null && properties.isEmpty(),
        "just topic, retention and version of " + name);
    return new EventType(
        name, Objects.requireNonNull(topic), Objects.requireNonNull(retention), true);
  }

  private static void require(JsonParser parser, boolean condition, String wanted)
      throws IOException {
    if (!condition) {
      throw new IOException(
          "catalogue, line " + parser.currentTokenLocation().getLineNr() + ": expected " + wanted);
    }
  }

  /**
   * The type of a canonical name; one that is not listed belongs to a topic of its own below {@code
   * custom}.
   */
  public EventType type(String canonicalName) {
    EventType type = types.get(canonicalName);
    return type != null
        ? type
        : new EventType(
            canonicalName,
            "custom." + canonicalName.toLowerCase(Locale.ROOT),
            UNLISTED_RETENTION,
            false);
  }

  /** All listed types. */
  public Collection<EventType> types() {
    return types.values();
  }
}
