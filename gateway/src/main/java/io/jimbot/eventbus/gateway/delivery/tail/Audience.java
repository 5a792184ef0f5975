package io.jimbot.eventbus.gateway.delivery.tail;

import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The subscribers that the shared reader feeds, by their filter: one is asked once for an event,
 * however many subscribers have it. Used by that reader's thread only.
 */
final class Audience {

  private final Map<EventFilter, Set<TailSubscription>> byFilter = new LinkedHashMap<>();
  private final List<TailSubscription> leaving = new ArrayList<>();

  boolean isEmpty() {
    return byFilter.isEmpty();
  }

  void add(TailSubscription subscription) {
    byFilter
        .computeIfAbsent(subscription.request().filter(), filter -> new LinkedHashSet<>())
        .add(subscription);
  }

  /** Offers an event to all whose filter wants it; those that have no room leave. */
  void offer(StoredEvent event) {
    byFilter.forEach(
        (filter, subscriptions) -> {
          if (filter.matches(event)) {
            offer(event, subscriptions);
          }
        });
  }

  private void offer(StoredEvent event, Set<TailSubscription> subscriptions) {
    Iterator<TailSubscription> each = subscriptions.iterator();
    while (each.hasNext()) {
      TailSubscription subscription = each.next();
      if (!subscription.take(event)) {
        each.remove();
        leaving.add(subscription);
      }
    }
  }

  /**
   * Ends a round: those that stay have come that far, everybody gets what was taken, and those that
   * are closed are forgotten.
   *
   * @return how many left since the last round for want of room
   */
  int finishRound(long[] place) {
    forEach(subscription -> subscription.advance(place));
    forEach(TailSubscription::pass);
    int left = leaving.size();
    leaving.forEach(TailSubscription::pass);
    leaving.clear();
    byFilter
        .values()
        .removeIf(
            subscriptions -> {
              subscriptions.removeIf(TailSubscription::isClosed);
              return subscriptions.isEmpty();
            });
    return left;
  }

  /** Lets all go: hands those that were fed to somebody else, with what they have been given. */
  void disband(Consumer<TailSubscription> to) {
    leaving.forEach(TailSubscription::pass);
    leaving.clear();
    List<TailSubscription> fed = byFilter.values().stream().flatMap(Set::stream).toList();
    byFilter.clear();
    fed.forEach(TailSubscription::pass);
    fed.forEach(to);
  }

  private void forEach(Consumer<TailSubscription> action) {
    byFilter.values().forEach(subscriptions -> subscriptions.forEach(action));
  }
}
