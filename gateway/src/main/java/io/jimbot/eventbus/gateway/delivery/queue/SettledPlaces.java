package io.jimbot.eventbus.gateway.delivery.queue;

import java.util.LinkedHashSet;
import java.util.Set;

/** The events that a worker has settled last: as many as fit. Not thread-safe. */
final class SettledPlaces {

  private final int most;
  private final Set<Place> places = new LinkedHashSet<>();

  /** Holds none yet. */
  SettledPlaces(int most) {
    this.most = most;
  }

  /** One more is settled; the oldest is forgotten for it. */
  void add(Place place) {
    if (places.add(place) && places.size() > most) {
      places.remove(places.iterator().next());
    }
  }

  /** It is not settled after all: Kafka gives it again. */
  void remove(Place place) {
    places.remove(place);
  }

  boolean contains(Place place) {
    return places.contains(place);
  }
}
