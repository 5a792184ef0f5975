package io.jimbot.eventbus.gateway.kafka;

/**
 * Whether records would be taken now.
 *
 * @param ready whether they would
 * @param reason why not, a stable word in lower snake case; empty when ready
 * @param message the same for a person; empty when ready
 */
public record KafkaReadiness(boolean ready, String reason, String message) {

  static final KafkaReadiness READY = new KafkaReadiness(true, "", "");

  /** What a gateway says that is being closed. */
  public static KafkaReadiness stopping() {
    return new KafkaReadiness(false, "stopping", "this gateway is shutting down");
  }

  static KafkaReadiness notReady(PublishOutcome.Unavailable why) {
    return new KafkaReadiness(false, why.reason(), why.message());
  }
}
