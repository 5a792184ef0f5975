package io.jimbot.eventbus.gateway.delivery.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.jspecify.annotations.Nullable;

/**
 * Which events the members of a worker have from Kafka: each is under the lock of the member that
 * it was given to, until that one has told Kafka what became of it or has lost the lock. Not
 * thread-safe.
 */
final class HeldEvents {

  private final Map<Place, Acquired> byPlace = new LinkedHashMap<>();

  /** What another member of the worker was given since; the former holder must still tell of it. */
  private final List<Acquired> overtaken = new ArrayList<>();

  /**
   * One more. Another member of this worker may have had the same event, and lost its lock without
   * knowing: its consumer gives nothing more before it is told what became of it.
   */
  void add(Acquired acquired) {
    Acquired former = byPlace.put(Place.of(acquired.record), acquired);
    if (former != null && former.held && former.holder != acquired.holder) {
      former.decide(AcknowledgeType.RELEASE);
      overtaken.add(former);
    }
  }

  /** The one that lies there, if it is held; if two members had it, the one that was given last. */
  @Nullable Acquired at(Place place) {
    return byPlace.get(place);
  }

  /** All, in the order in which they came; without what another member was given since. */
  Collection<Acquired> all() {
    return Collections.unmodifiableCollection(byPlace.values());
  }

  /** Takes out what Kafka is to be told of now, by one of the members. */
  List<Acquired> takeDecided(ShareMember holder) {
    List<Acquired> decided = new ArrayList<>();
    byPlace
        .values()
        .removeIf(
            acquired ->
                acquired.holder == holder
                    && acquired.held
                    && acquired.state == Acquired.State.DECIDED
                    && decided.add(acquired));
    overtaken.removeIf(acquired -> acquired.holder == holder && decided.add(acquired));
    return decided;
  }

  /** All of a member, whose locks count as not held from now on until they are renewed. */
  List<Acquired> toRenew(ShareMember holder) {
    List<Acquired> all =
        byPlace.values().stream().filter(acquired -> acquired.holder == holder).toList();
    all.forEach(acquired -> acquired.held = false);
    return all;
  }

  /**
   * The lock is held again.
   *
   * @return whether the member is known to have the event
   */
  boolean renewed(Place place, ShareMember holder) {
    Acquired acquired = byPlace.get(place);
    if (acquired == null || acquired.holder != holder) {
      return false;
    }
    acquired.held = true;
    return true;
  }

  /** Takes out what a member holds no more: Kafka gives it to another one. */
  List<Acquired> takeLost(ShareMember holder) {
    return take(acquired -> acquired.holder == holder && !acquired.held);
  }

  /** Takes out what a member had. */
  List<Acquired> takeAll(ShareMember holder) {
    return take(acquired -> acquired.holder == holder);
  }

  private List<Acquired> take(Predicate<Acquired> which) {
    List<Acquired> taken = byPlace.values().stream().filter(which).toList();
    byPlace.values().removeAll(taken);
    overtaken.removeIf(which);
    return taken;
  }

  /** Whether a member has told Kafka of all that it was given. */
  boolean holdsNothing(ShareMember holder) {
    return Stream.concat(byPlace.values().stream(), overtaken.stream())
        .noneMatch(acquired -> acquired.holder == holder);
  }

  /** What all of them have, in bytes. */
  long bytes() {
    return byPlace.values().stream().mapToLong(acquired -> acquired.event.size()).sum();
  }
}
