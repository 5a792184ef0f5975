package io.jimbot.eventbus.gateway.command;

import io.jimbot.events.v1.Command;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What transports may ask for. Thread-safe; nothing here blocks or throws. */
public interface Commands {

  /**
   * Issues a command. Completes when Kafka has acknowledged it, or has not; then on a thread that
   * must not be held up.
   */
  CompletableFuture<IssueOutcome> issue(NewCommand command);

  /**
   * Takes the commands that wait for a game, oldest first. Whatever the answer holds counts as
   * handed out and does not come again. Empty at once if nothing waits; else completes within the
   * claim timeout, on a thread that must not be held up. Also empty while Kafka is away.
   *
   * @param sender who polls, by the same name as in its events
   * @param gameId the game, if the sender says it; else the one that its events tell of
   */
  CompletableFuture<List<Command>> poll(String sender, @Nullable String gameId);
}
