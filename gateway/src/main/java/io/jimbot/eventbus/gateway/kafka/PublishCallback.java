package io.jimbot.eventbus.gateway.kafka;

/** Told once what became of a record. */
@FunctionalInterface
public interface PublishCallback {

  /**
   * Runs on the caller's thread when the record is refused at once, else on the producer's only
   * sender thread: whatever takes long here holds up every other record. Must not throw; if it
   * does, that is logged as a bug.
   */
  void onOutcome(PublishOutcome outcome);
}
