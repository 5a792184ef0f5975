package io.jimbot.eventbus.gateway.command;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.events.v1.Command;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;

/** Gives new commands their ids and times. Thread-safe. */
final class CommandMaker {

  private final Duration timeToLive;
  private final Supplier<String> ids;
  private final Clock clock;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private Instant last = Instant.EPOCH;

  /**
   * Uses these.
   *
   * @param timeToLive of commands that do not say
   */
  CommandMaker(Duration timeToLive, Supplier<String> ids, Clock clock) {
    this.timeToLive = timeToLive;
    this.ids = ids;
    this.clock = clock;
  }

  Command make(NewCommand wanted) {
    Instant issuedAt = nextIssue();
    Duration life = Objects.requireNonNullElse(wanted.timeToLive(), timeToLive);
    Command.Builder command =
        Command.newBuilder()
            .setCommandId(ids.get())
            .setName(wanted.name())
            .setIssuedAt(CommandRecords.timestamp(issuedAt))
            .setExpiresAt(CommandRecords.timestamp(issuedAt.plus(life)));
    if (wanted.arguments() != null) {
      command.setArguments(wanted.arguments());
    }
    if (wanted.gameId() != null) {
      command.setGameId(wanted.gameId());
    }
    return command.build();
  }

  /** Later than any issue before it, so that they keep their order. */
  private Instant nextIssue() {
    synchronized (lock) {
      Instant now = clock.instant();
      last = now.isAfter(last) ? now : last.plusNanos(1);
      return last;
    }
  }
}
