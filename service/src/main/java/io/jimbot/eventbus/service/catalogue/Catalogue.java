package io.jimbot.eventbus.service.catalogue;

import io.dropwizard.configuration.ConfigurationException;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.event.upcast.Upcaster;
import io.jimbot.eventbus.event.upcast.Upcasters;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.jimbot.eventbus.service.settings.ConfigurationLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue that the bus ships with, and a file of the user's laid over it: the types, and the
 * retention class of each event. Immutable.
 */
public final class Catalogue {

  private static final String OF_GAMES = "latest";
  private static final String RESOURCE = "io/jimbot/eventbus/event/catalogue.yaml";

  /** System properties under this name reach into it; those of the programs do not. */
  private static final String PROPERTIES = "eventbus-catalogue";

  private static final Comparator<TopicPattern> MOST_EXACT_FIRST =
      Comparator.comparingInt(Catalogue::names)
          .reversed()
          .thenComparing(TopicPattern::text, Comparator.comparingInt(String::length).reversed())
          .thenComparing(TopicPattern::text);

  private final Map<String, RetentionClass> classes;
  private final List<Rule> rules;
  private final Map<String, String> classOfType = new HashMap<>();
  private final Map<String, Integer> versions = new HashMap<>();
  private final EventCatalogue events;
  private final Upcasters upcasters;

  private record Rule(TopicPattern pattern, String className) {}

  private Catalogue(CatalogueFile file, Collection<? extends Upcaster> steps) {
    classes = Map.copyOf(file.classes());
    rules =
        file.topics().entrySet().stream()
            .map(topic -> new Rule(new TopicPattern(topic.getKey()), topic.getValue()))
            .sorted(Comparator.comparing(Rule::pattern, MOST_EXACT_FIRST))
            .toList();
    file.types().forEach(this::add);
    upcasters = new Upcasters(steps, versions);
    events =
        EventCatalogue.of(
            file.types().entrySet().stream()
                .map(
                    type ->
                        new EventType(
                            type.getKey(),
                            type.getValue().topic(),
                            classOf(type.getKey(), type.getValue().topic()),
                            true))
                .toList());
  }

  private void add(String type, CatalogueFile.Entry entry) {
    String retention = entry.retention();
    classOfType.put(type, retention == null ? classOfTopic(entry.topic()) : retention);
    Integer version = entry.version();
    versions.put(type, version == null ? 1 : version);
  }

  /** What the bus ships with. */
  public static Catalogue builtIn() {
    try {
      return load(null);
    } catch (IOException e) {
      throw new UncheckedIOException("the built-in catalogue cannot be read", e);
    } catch (ConfigurationException e) {
      throw new IllegalStateException("the built-in catalogue cannot be read", e);
    }
  }

  /**
   * Reads and checks it.
   *
   * @param file the user's, which need only hold what differs; null for none
   * @throws IOException if the file cannot be read
   * @throws ConfigurationException if a key is unknown, a value is not allowed, or no step is
   *     installed that leads to a version that it says
   */
  public static Catalogue load(@Nullable Path file) throws IOException, ConfigurationException {
    return load(file, Upcasters.installed());
  }

  static Catalogue load(@Nullable Path file, Collection<? extends Upcaster> steps)
      throws IOException, ConfigurationException {
    CatalogueFile written =
        new ConfigurationLoader<>(CatalogueFile.class, RESOURCE, PROPERTIES).load(file, Map.of());
    try {
      return new Catalogue(written, steps);
    } catch (IllegalArgumentException e) {
      throw new UnreachableVersion(file == null ? RESOURCE : file.toString(), e);
    }
  }

  /** The types. */
  public EventCatalogue events() {
    return events;
  }

  /** What brings events to the versions that it says. */
  public Upcasters upcasters() {
    return upcasters;
  }

  /**
   * How a class keeps its events.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public RetentionClass retention(String className) {
    RetentionClass retention = classes.get(className);
    if (retention == null) {
      throw new IllegalArgumentException("no retention class " + className);
    }
    return retention;
  }

  /** How the newest states of games are kept: like the class {@code latest}, always by key. */
  public RetentionClass ofGames() {
    return retention(OF_GAMES);
  }

  /** The names of the classes that a type or a pattern refers to. */
  public Set<String> classesInUse() {
    Set<String> used = new TreeSet<>(classOfType.values());
    rules.forEach(rule -> used.add(rule.className()));
    return used;
  }

  /**
   * The name of the class that keeps an event.
   *
   * @param type its canonical type
   * @param topic its logical topic
   */
  public String classOf(String type, String topic) {
    String listed = classOfType.get(type);
    return listed == null ? classOfTopic(topic) : listed;
  }

  /** The newest version of a type's payload that is known; null if the type is not listed. */
  public @Nullable Integer newestVersion(String type) {
    return versions.get(type);
  }

  private String classOfTopic(String topic) {
    for (Rule rule : rules) {
      if (rule.pattern().matches(topic)) {
        return rule.className();
      }
    }
    throw new IllegalStateException("no class for the topic " + topic);
  }

  private static int names(TopicPattern pattern) {
    return (int)
        List.of(pattern.text().split("\\.")).stream()
            .filter(segment -> !segment.startsWith("*"))
            .count();
  }
}
