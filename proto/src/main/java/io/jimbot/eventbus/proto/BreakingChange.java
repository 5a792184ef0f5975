package io.jimbot.eventbus.proto;

/**
 * One difference between two states of the contract that somebody's program cannot cope with.
 *
 * @param path what changed, as a full name: {@code jimbot.events.v1.Joker.id}
 * @param what the change, in words
 * @param consequence who notices, and how
 */
public record BreakingChange(String path, String what, String consequence) {

  @Override
  public String toString() {
    return path + ": " + what + ". " + consequence;
  }
}
