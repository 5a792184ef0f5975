package io.jimbot.eventbus.wire;

/**
 * How the schema registry was when it was last asked. Immutable.
 *
 * @param status how it was
 * @param message what is wrong, for a person; empty if nothing is
 * @param failures how often it failed since the start
 */
public record RegistryState(Status status, String message, long failures) {

  /** What there is to say. */
  public enum Status {
    /** Not asked yet. */
    STARTING,
    /** It answers. */
    AVAILABLE,
    /** It does not answer; what is known of it is used on. */
    AWAY,
    /** It answers, and says no: the credentials, or a schema. */
    REFUSING
  }
}
