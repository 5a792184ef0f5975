package io.jimbot.eventbus.event.upcast;

import io.jimbot.eventbus.event.EventFacts;
import io.jimbot.events.v1.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps from each version of a type to the next, from 1 on without a gap: the last one leads to
 * the current version. Immutable.
 */
public final class Upcasters {

  /** No type has a second version yet; the step to one is added here. */
  private static final Upcasters BUILT_IN = new Upcasters(Map.of());

  private final Map<String, List<Upcaster>> steps;

  private Upcasters(Map<String, List<Upcaster>> steps) {
    this.steps = Map.copyOf(steps);
  }

  /** Those that the bus ships with. */
  public static Upcasters builtIn() {
    return BUILT_IN;
  }

  /**
   * The same with one step more, to a new current version.
   *
   * @param type the canonical type
   * @param from the version that it leads away from
   * @throws IllegalArgumentException if that is not the type's current version
   */
  public Upcasters with(String type, int from, Upcaster step) {
    if (from != current(type)) {
      throw new IllegalArgumentException(
          "the next step of " + type + " leads from version " + current(type) + ", not " + from);
    }
    Map<String, List<Upcaster>> more = new HashMap<>(steps);
    List<Upcaster> ofType = new ArrayList<>(more.getOrDefault(type, List.of()));
    ofType.add(step);
    more.put(type, List.copyOf(ofType));
    return new Upcasters(more);
  }

  /** The current version of a type. */
  public int current(String type) {
    return 1 + steps.getOrDefault(type, List.of()).size();
  }

  /** The version of an event: what it says, or 1. */
  public static int versionOf(Event event) {
    return Math.max(EventFacts.FIRST_VERSION, event.getVersion());
  }

  /**
   * The event in the current version of its type. One of a version that is not known yet stays as
   * it is, and says so by its version.
   */
  public Event toCurrent(Event event) {
    Event upcast = event;
    List<Upcaster> ofType = steps.getOrDefault(event.getEventType(), List.of());
    for (int version = versionOf(event); version <= ofType.size(); version++) {
      upcast = ofType.get(version - 1).apply(upcast).toBuilder().setVersion(version + 1).build();
    }
    return upcast;
  }
}
