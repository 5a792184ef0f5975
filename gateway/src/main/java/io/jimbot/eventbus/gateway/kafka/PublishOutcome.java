package io.jimbot.eventbus.gateway.kafka;

import java.util.function.Consumer;
import java.util.function.Function;

/** What became of one record. Callers tell the kinds apart with {@link #match}. Immutable. */
public sealed interface PublishOutcome {

  /**
   * Calls the function that fits; a new kind of outcome does not compile until every caller handles
   * it.
   */
  <T> T match(
      Function<? super Stored, ? extends T> stored,
      Function<? super Unavailable, ? extends T> unavailable,
      Function<? super Impossible, ? extends T> impossible);

  /** Calls the handler that fits. */
  default void handle(
      Consumer<? super Stored> stored,
      Consumer<? super Unavailable> unavailable,
      Consumer<? super Impossible> impossible) {
    Runnable fitting =
        this.<Runnable>match(
            outcome -> () -> stored.accept(outcome),
            outcome -> () -> unavailable.accept(outcome),
            outcome -> () -> impossible.accept(outcome));
    fitting.run();
  }

  /**
   * All in-sync replicas have it.
   *
   * @param topic the Kafka topic
   * @param partition the partition, from 0
   * @param offset the offset, from 0; -1 if Kafka recognised a resent batch whose offset it no
   *     longer remembers
   * @param repeat whether it was stored before, and not again now
   */
  record Stored(String topic, int partition, long offset, boolean repeat)
      implements PublishOutcome {
    @Override
    public <T> T match(
        Function<? super Stored, ? extends T> stored,
        Function<? super Unavailable, ? extends T> unavailable,
        Function<? super Impossible, ? extends T> impossible) {
      return stored.apply(this);
    }
  }

  /**
   * It is not known to be stored; the same record may be published again.
   *
   * @param reason a stable word in lower snake case: {@code starting}, {@code stopping}, {@code
   *     kafka_unreachable}, {@code buffer_full}, {@code timeout}, {@code not_enough_replicas},
   *     {@code topic_missing}, {@code not_authorized}, {@code schema_registry_unreachable}, {@code
   *     schema_refused}, {@code kafka_error}
   * @param message what is wrong, for a person
   */
  record Unavailable(String reason, String message) implements PublishOutcome {
    @Override
    public <T> T match(
        Function<? super Stored, ? extends T> stored,
        Function<? super Unavailable, ? extends T> unavailable,
        Function<? super Impossible, ? extends T> impossible) {
      return unavailable.apply(this);
    }
  }

  /**
   * This record can never be stored as it is.
   *
   * @param reason a stable word in lower snake case: {@code record_too_large}, {@code
   *     record_invalid}
   * @param message what is wrong, for a person
   */
  record Impossible(String reason, String message) implements PublishOutcome {
    @Override
    public <T> T match(
        Function<? super Stored, ? extends T> stored,
        Function<? super Unavailable, ? extends T> unavailable,
        Function<? super Impossible, ? extends T> impossible) {
      return impossible.apply(this);
    }
  }
}
