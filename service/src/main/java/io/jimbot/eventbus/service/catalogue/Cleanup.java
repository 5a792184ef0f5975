package io.jimbot.eventbus.service.catalogue;

/** What goes when events are kept no longer. */
public enum Cleanup {
  /** What is too old or too much. */
  DELETE("delete"),
  /** All but the newest of each key. */
  COMPACT("compact"),
  /** Both. */
  COMPACT_DELETE("compact,delete");

  private final String policy;

  Cleanup(String policy) {
    this.policy = policy;
  }

  /** As Kafka's {@code cleanup.policy} says it. */
  public String policy() {
    return policy;
  }

  /** Whether only the newest of each key is sure to stay. */
  public boolean compacts() {
    return this != DELETE;
  }

  /** Whether age and size count. */
  public boolean deletes() {
    return this != COMPACT;
  }
}
