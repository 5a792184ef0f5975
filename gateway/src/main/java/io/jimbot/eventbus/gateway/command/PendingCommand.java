package io.jimbot.eventbus.gateway.command;

import io.jimbot.eventbus.gateway.command.CommandBoard.Poll;
import io.jimbot.events.v1.Command;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One command on a {@link CommandBoard}, which alone changes it. */
final class PendingCommand {

  final Command command;
  final int partition;
  final Place place;
  final Instant expiresAt;
  State state = State.WAITING;

  /** The poll that it was set aside for, as long as that lasts. */
  @Nullable Poll owner;

  /** Where it stands in the row of all commands. */
  record Place(Instant time, long arrival) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byTime = time.compareTo(other.time);
      return byTime != 0 ? byTime : Long.compare(arrival, other.arrival);
    }
  }

  /** Whose it is. */
  enum State {
    /** Nobody is known to have claimed it. */
    WAITING,
    /** This gateway has claimed it, and does not know yet whether as the first. */
    CLAIMED,
    /** It is this gateway's. */
    WON
  }

  PendingCommand(Command command, int partition, Place place, Instant expiresAt) {
    this.command = command;
    this.partition = partition;
    this.place = place;
    this.expiresAt = expiresAt;
  }

  String id() {
    return command.getCommandId();
  }

  boolean fits(@Nullable String gameId) {
    return !command.hasGameId() || command.getGameId().equals(gameId);
  }

  boolean expired(Instant now) {
    return !now.isBefore(expiresAt);
  }
}
