package io.jimbot.eventbus.gateway.delivery;

import org.jspecify.annotations.Nullable;

/** One subscription, as its transport holds it. Thread-safe; no method blocks. */
public interface Subscription extends AutoCloseable {

  /** The transport has become {@link Subscriber#ready ready} again. */
  void resume();

  /**
   * Stands for everything that was given to the subscriber or passed over so far: an event counts
   * once {@link Subscriber#deliver} has returned. Calls nobody. Null before {@link
   * Subscriber#started}, and for groups and queues, whose place Kafka keeps.
   */
  @Nullable ResumeToken position();

  /** Settles a delivery of this subscription. */
  Settled settle(AckId id, Settlement settlement);

  /** No new deliveries from now on; acknowledgements are still taken. Cannot be undone. */
  void drain();

  /**
   * Ends it; what is not acknowledged is released for other members. The subscriber hears nothing
   * any more once a call that is under way has returned. May be called twice, by anyone.
   */
  @Override
  void close();
}
