package io.jimbot.eventbus.event.upcast;

import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.events.v1.Event;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Brings events to the current version of their types, which is that of the catalogue: there is a
 * step from each version before it to the next. Immutable.
 */
public final class Upcasters {

  private final Map<String, Integer> versions;
  private final Map<Place, Upcaster> steps = new HashMap<>();

  private record Place(String type, int from) {}

  /**
   * Checks that no step is missing.
   *
   * @param steps in any order; those from the current version on are not used, so that a type may
   *     stay at a version until all its readers know the next
   * @param versions the current version of each type that the catalogue lists
   * @throws IllegalArgumentException if a step to a current version is missing, there are two of
   *     the same place, or one is of a type that is not listed
   */
  public Upcasters(Collection<? extends Upcaster> steps, Map<String, Integer> versions) {
    this.versions = Map.copyOf(versions);
    for (Upcaster step : steps) {
      add(step);
    }
    this.versions.forEach(this::requireSteps);
  }

  private void add(Upcaster step) {
    if (!versions.containsKey(step.type())) {
      throw new IllegalArgumentException(
          step.getClass().getName()
              + " is a step of "
              + step.type()
              + ", which is no type of the catalogue");
    }
    Upcaster other = steps.put(new Place(step.type(), step.from()), step);
    if (other != null) {
      throw new IllegalArgumentException(
          other.getClass().getName()
              + " and "
              + step.getClass().getName()
              + " are the same step: from version "
              + step.from()
              + " of "
              + step.type());
    }
  }

  private void requireSteps(String type, int current) {
    for (int from = EventFacts.FIRST_VERSION; from < current; from++) {
      if (!steps.containsKey(new Place(type, from))) {
        throw new IllegalArgumentException(
            "types."
                + type
                + ".version is "
                + current
                + ", and no step leads from version "
                + from
                + " to the next");
      }
    }
  }

  /**
   * The steps on the class path: the bus's own, and those of others.
   *
   * @throws IllegalStateException if one cannot be made
   */
  public static List<Upcaster> installed() {
    try {
      return ServiceLoader.load(Upcaster.class, Upcaster.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();
    } catch (ServiceConfigurationError e) {
      throw new IllegalStateException("a step between versions cannot be made", e);
    }
  }

  /**
   * Whether a version is older than the current one of its type; of a type that is not listed, no
   * version is.
   */
  public boolean isOutdated(String type, int version) {
    return version < versions.getOrDefault(type, EventFacts.FIRST_VERSION);
  }

  /** The version of an event: what it says, or the first. */
  public static int versionOf(Event event) {
    return Math.max(EventFacts.FIRST_VERSION, event.getVersion());
  }

  /**
   * The event in the current version of its type. One of a version that is not known yet stays as
   * it is, and says so by its version.
   */
  public Event toCurrent(Event event) {
    String type = event.getEventType();
    Event upcast = event;
    for (int version = versionOf(event); isOutdated(type, version); version++) {
      Upcaster step = steps.get(new Place(type, version));
      if (step == null) {
        throw new IllegalStateException("no step from version " + version + " of " + type);
      }
      upcast = step.apply(upcast).toBuilder().setVersion(version + 1).build();
    }
    return upcast;
  }
}
