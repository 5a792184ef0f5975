package io.jimbot.eventbus.processor.kafka;

/**
 * Whether a part does its work.
 *
 * @param ready whether it does
 * @param reason why not, for a person; empty if it does
 */
public record PartReadiness(boolean ready, String reason) {

  /** It works. */
  public static final PartReadiness READY = new PartReadiness(true, "");

  /** It does not work now. */
  public static PartReadiness notReady(String reason) {
    return new PartReadiness(false, reason);
  }
}
