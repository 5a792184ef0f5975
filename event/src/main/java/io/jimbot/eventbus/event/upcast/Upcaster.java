package io.jimbot.eventbus.event.upcast;

import io.jimbot.events.v1.Event;

/**
 * One step: makes an event of one version of its type into one of the next. Pure and thread-safe;
 * keeps what it does not know, the leftovers above all, and leaves the version to {@link
 * Upcasters}.
 *
 * <p>Found by {@link java.util.ServiceLoader}: a jar on the class path names its steps in {@code
 * META-INF/services}, so do the bus's own.
 */
public interface Upcaster {

  /** The canonical type. */
  String type();

  /** The version that it leads away from, from 1; it leads to the one after. */
  int from();

  /** The event as the next version has it. */
  Event apply(Event event);
}
