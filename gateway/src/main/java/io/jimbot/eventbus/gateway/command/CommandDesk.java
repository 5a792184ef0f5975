package io.jimbot.eventbus.gateway.command;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.gateway.command.CommandBoard.Claim;
import io.jimbot.eventbus.gateway.command.CommandBoard.Poll;
import io.jimbot.eventbus.gateway.command.CommandBoard.Settled;
import io.jimbot.eventbus.gateway.kafka.PublishOutcome;
import io.jimbot.eventbus.gateway.kafka.Publisher;
import io.jimbot.eventbus.gateway.kafka.TopicFold;
import io.jimbot.eventbus.gateway.telemetry.CommandMetrics;
import io.jimbot.events.v1.Command;
import io.jimbot.events.v1.CommandClaim;
import io.jimbot.events.v1.CommandRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands in and gives them out, over one {@link CommandBoard}, which the records of the
 * commands topic are told. Thread-safe: the board is guarded by one lock, under which nothing is
 * called that could wait; futures are completed after leaving it.
 */
final class CommandDesk implements Commands, TopicFold {

  private static final Logger LOG = LoggerFactory.getLogger(CommandDesk.class);

  private final CommandSettings settings;
  private final CommandRecords records;
  private final Publisher publisher;
  private final GamesSeen games;
  private final ScheduledExecutorService timer;
  private final Clock clock;
  private final CommandMetrics metrics;
  private final CommandMaker maker;
  private final Supplier<String> ids = () -> UUID.randomUUID().toString();

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final CommandBoard board;

  /** Commands issued here whose record the tail has not read back, by id. */
  @GuardedBy("lock")
  private final Map<String, CompletableFuture<Void>> unread = new HashMap<>();

  CommandDesk(
      CommandSettings settings,
      CommandRecords records,
      Publisher publisher,
      GamesSeen games,
      ScheduledExecutorService timer,
      Clock clock,
      CommandMetrics metrics) {
    this.settings = settings;
    this.records = records;
    this.publisher = publisher;
    this.games = games;
    this.timer = timer;
    this.clock = clock;
    this.metrics = metrics;
    this.maker = new CommandMaker(settings.timeToLive(), ids, clock);
    // Twice the limit: other gateways may issue up to theirs before they see what we have issued.
    this.board =
        new CommandBoard(ids.get(), 2 * settings.maxPending(), settings.maxTimeToLive(), metrics);
  }

  int pending() {
    synchronized (lock) {
      return board.size();
    }
  }

  @Override
  public CompletableFuture<IssueOutcome> issue(NewCommand wanted) {
    CompletableFuture<Void> readBack = new CompletableFuture<>();
    Command command;
    synchronized (lock) {
      int pending = board.size() + unread.size();
      if (pending >= settings.maxPending()) {
        return CompletableFuture.completedFuture(
            new IssueOutcome.Unavailable(
                "too_many_pending", pending + " commands wait for a poll already"));
      }
      command = maker.make(wanted);
      unread.put(command.getCommandId(), readBack);
    }
    CompletableFuture<IssueOutcome> answer = new CompletableFuture<>();
    publisher.publish(
        records.of(command),
        outcome -> published(command.getCommandId(), outcome, readBack, answer));
    return answer;
  }

  /**
   * The answer waits until the tail has read the command back, within bounds: who issues a command
   * and then polls at the same gateway shall find it.
   */
  private void published(
      String id,
      PublishOutcome outcome,
      CompletableFuture<Void> readBack,
      CompletableFuture<IssueOutcome> answer) {
    outcome.handle(
        stored -> {
          metrics.issued();
          Future<?> bound = later(() -> readBack.complete(null));
          var unused =
              readBack.thenRun(
                  () -> {
                    bound.cancel(false);
                    forget(id);
                    answer.complete(new IssueOutcome.Issued(id));
                  });
        },
        unavailable -> {
          forget(id);
          answer.complete(
              new IssueOutcome.Unavailable(unavailable.reason(), unavailable.message()));
        },
        impossible -> {
          forget(id);
          answer.complete(new IssueOutcome.Unavailable(impossible.reason(), impossible.message()));
        });
  }

  private void forget(String id) {
    synchronized (lock) {
      unread.remove(id);
    }
  }

  @Override
  public CompletableFuture<List<Command>> poll(String sender, @Nullable String gameId) {
    String said = GameNames.known(gameId);
    String game = said != null ? said : games.gameOf(sender);
    Poll poll = new Poll();
    List<Claim> claims;
    String claimant;
    synchronized (lock) {
      Instant now = clock.instant();
      claims = board.open(poll, game, settings.maxPerPoll(), now);
      if (claims.isEmpty()) {
        return CompletableFuture.completedFuture(
            Objects.requireNonNull(board.giveUp(poll, now)).commands());
      }
      claimant = board.gatewayId();
    }
    Future<?> bound = later(() -> giveUp(poll));
    var unused = poll.answer.whenComplete((commands, failure) -> bound.cancel(false));
    if (poll.answer.isDone()) {
      // The gateway is stopping: nothing may be claimed that nobody will hand out.
      return poll.answer;
    }
    for (Claim claim : claims) {
      publisher.publish(
          records.of(claim, claimant),
          outcome ->
              outcome.handle(
                  stored -> {},
                  unavailable -> claimFailed(claim.commandId()),
                  impossible -> claimFailed(claim.commandId())));
    }
    return poll.answer;
  }

  private void claimFailed(String commandId) {
    List<Settled> settled;
    synchronized (lock) {
      settled = board.claimFailed(commandId, clock.instant());
    }
    answer(settled);
  }

  private void giveUp(Poll poll) {
    Settled settled;
    synchronized (lock) {
      settled = board.giveUp(poll, clock.instant());
    }
    if (settled != null) {
      answer(List.of(settled));
    }
  }

  private static void answer(List<Settled> settled) {
    settled.forEach(one -> one.poll().answer.complete(one.commands()));
  }

  /** After the claim timeout; at once if the gateway is stopping. */
  private Future<?> later(Runnable work) {
    try {
      return timer.schedule(work, settings.claimTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      work.run();
      return CompletableFuture.completedFuture(null);
    }
  }

  @Override
  public void read(ConsumerRecord<byte[], byte[]> record) {
    CommandRecord value = CommandRecords.read(record.value());
    if (value == null) {
      metrics.tailError();
      LOG.debug("no command partition={} offset={}", record.partition(), record.offset());
    } else if (value.hasCommand()) {
      read(value.getCommand(), record.partition());
    } else {
      read(value.getClaim());
    }
  }

  private void read(Command command, int partition) {
    CompletableFuture<Void> issuer;
    synchronized (lock) {
      boolean late = board.commandRead(command, partition, clock.instant());
      issuer = unread.remove(command.getCommandId());
      // At a start many are late, which others have counted; one that was issued here is news.
      metrics.expired(late && issuer != null ? 1 : 0);
    }
    if (issuer != null) {
      issuer.complete(null);
    }
  }

  private void read(CommandClaim claim) {
    List<Settled> settled;
    synchronized (lock) {
      settled = board.claimRead(claim.getCommandId(), claim.getGatewayId(), clock.instant());
    }
    answer(settled);
  }

  @Override
  public void placeLost() {
    List<Settled> settled;
    synchronized (lock) {
      settled = board.startAnew(ids.get(), clock.instant());
    }
    answer(settled);
  }

  @Override
  public void tick() {
    synchronized (lock) {
      board.expire(clock.instant());
    }
  }

  @Override
  public void failed() {
    metrics.tailError();
  }
}
