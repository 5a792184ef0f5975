package io.jimbot.eventbus.event.upcast;

import io.jimbot.events.v1.Event;

/**
 * One step: makes an event of one version of its type into one of the next. Pure; keeps what it
 * does not know, the leftovers above all, and leaves the version to {@link Upcasters}.
 */
@FunctionalInterface
public interface Upcaster {

  /** The event as the next version has it. */
  Event apply(Event event);
}
