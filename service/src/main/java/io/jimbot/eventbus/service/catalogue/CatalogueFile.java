package io.jimbot.eventbus.service.catalogue;

import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.service.record.TopicPattern;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue as it is written.
 *
 * @param classes by name
 * @param topics class by pattern of logical topics
 * @param types by canonical name
 */
record CatalogueFile(
    Map<String, RetentionClass> classes, Map<String, String> topics, Map<String, Entry> types) {

  /** The pattern of all topics: every event has a class. */
  static final String EVERY_TOPIC = "**";

  private static final Pattern CLASS_NAME = Pattern.compile("[a-z][a-z0-9_-]{0,49}");
  private static final Pattern TOPIC = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

  /**
   * A type of event.
   *
   * @param topic its logical topic
   * @param retention its class; null for the one of its topic
   * @param version the newest version of its payload that is known; null for 1
   */
  record Entry(String topic, @Nullable String retention, @Nullable Integer version) {
    Entry {
      if (topic == null || !TOPIC.matcher(topic).matches()) {
        throw new IllegalArgumentException(
            "types.*.topic must be names of a-z, 0-9, _ and - with dots between, is " + topic);
      }
      if (version != null && version < 1) {
        throw new IllegalArgumentException("types.*.version must be at least 1, is " + version);
      }
    }
  }

  CatalogueFile {
    classes = Map.copyOf(classes);
    topics = Map.copyOf(topics);
    types = Map.copyOf(types);
    for (String name : classes.keySet()) {
      if (!CLASS_NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "classes." + name + ": a class's name must match " + CLASS_NAME);
      }
    }
    for (Map.Entry<String, String> topic : topics.entrySet()) {
      new TopicPattern(topic.getKey());
      known("topics." + topic.getKey(), topic.getValue(), classes);
    }
    for (Map.Entry<String, Entry> type : types.entrySet()) {
      if (!type.getKey().equals(EventType.canonical(type.getKey()))) {
        throw new IllegalArgumentException(
            "types." + type.getKey() + ": a type is written in upper snake case");
      }
      String retention = type.getValue().retention();
      if (retention != null) {
        known("types." + type.getKey() + ".retention", retention, classes);
      }
    }
    if (!topics.containsKey(EVERY_TOPIC)) {
      throw new IllegalArgumentException("topics must say a class for \"" + EVERY_TOPIC + "\"");
    }
  }

  private static void known(String key, String name, Map<String, RetentionClass> classes) {
    if (!classes.containsKey(name)) {
      throw new IllegalArgumentException(
          key + " must be one of the classes " + classes.keySet() + ", is " + name);
    }
  }
}
