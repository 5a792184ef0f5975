package io.jimbot.eventbus.gateway.delivery.queue;

import io.jimbot.eventbus.gateway.telemetry.MemberMetrics;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.record.EventFilter;
import org.apache.kafka.clients.consumer.AcknowledgeType;

/**
 * What of the events that Kafka gives to a worker it is to get: settles all others, and counts
 * them. Holds no event; whoever calls it guards the one that is in question. Immutable.
 */
final class Sieve {

  /**
   * Kafka gives an event to workers ten times, then forgets it. So the tenth time it is given to
   * none, but to the dead letters, which takes no worker that could go away with it.
   */
  private static final int LAST_ATTEMPT = QueueBeginning.DELIVERY_LIMIT;

  private final String queue;
  private final EventFilter filter;
  private final MemberMetrics metrics;

  /** For a worker of a queue that asks for such events. */
  Sieve(String queue, EventFilter filter, MemberMetrics metrics) {
    this.queue = queue;
    this.filter = filter;
    this.metrics = metrics;
  }

  /** An event has come. What is not wanted whatever it repeats is settled. */
  void sift(Acquired acquired) {
    if (!acquired.event.isEvent()) {
      metrics.unreadable();
    }
    boolean again = acquired.event.forGroup() != null;
    boolean wanted = filter.matches(acquired.event, queue);
    if (again) {
      metrics.cameAgain(wanted);
    }
    if (!wanted) {
      acquired.decide(AcknowledgeType.ACCEPT);
    } else {
      settleIfExpired(acquired);
    }
  }

  /**
   * It is known now whether an event that came through repeats an earlier one.
   *
   * @param repeat whether it does; what came again for this queue only is wanted all the same
   */
  void judge(Acquired acquired, boolean repeat) {
    if (repeat && acquired.event.forGroup() == null) {
      metrics.repeat();
      acquired.decide(AcknowledgeType.ACCEPT);
    } else if (acquired.attempt >= LAST_ATTEMPT) {
      acquired.giveUp(
          DeadLetterReason.DELIVERIES_EXHAUSTED, "its workers went away without settling it");
    } else {
      acquired.state = Acquired.State.WAITING;
    }
  }

  /**
   * An event may have waited for longer than anybody wants it.
   *
   * @return whether its time is over, with which it is settled
   */
  boolean settleIfExpired(Acquired acquired) {
    boolean expired = acquired.event.isExpired(System.currentTimeMillis());
    if (expired) {
      metrics.expired();
      acquired.decide(AcknowledgeType.ACCEPT);
    }
    return expired;
  }
}
