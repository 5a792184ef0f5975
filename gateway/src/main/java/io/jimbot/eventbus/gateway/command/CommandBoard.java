package io.jimbot.eventbus.gateway.command;

import io.jimbot.eventbus.gateway.command.PendingCommand.Place;
import io.jimbot.eventbus.gateway.command.PendingCommand.State;
import io.jimbot.eventbus.gateway.telemetry.CommandMetrics;
import io.jimbot.events.v1.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What one gateway knows of the commands that wait: the fold of the log, and of this gateway's own
 * polls. No I/O, no clock, no threads; not thread-safe.
 *
 * <p>A command waits, until the log holds a claim of it. The first claim decides: ours, and the
 * command is this gateway's to hand out, to the poll that asked for it or, if that is over, to the
 * next one that fits; another's, and it is gone.
 *
 * <p>Order: commands of a partition stay in the order of the log, those of different partitions are
 * merged by the time of their issue; and none is handed out while one before it, meant for the same
 * poll, is undecided. Bounded by the capacity: what comes beyond it is not seen, and counted.
 */
final class CommandBoard {

  private final int capacity;
  private final Duration longestLife;
  private final CommandMetrics metrics;

  private String gatewayId;
  private long arrivals;
  private final Map<String, PendingCommand> byId = new HashMap<>();
  private final TreeMap<Place, PendingCommand> inOrder = new TreeMap<>();

  /** The place of the last command of each partition, from which its next one does not go back. */
  private final Map<Integer, Instant> lastTimes = new HashMap<>();

  private final Set<Poll> polls = new HashSet<>();

  /** A claim to be written to the partition that the command was read from. */
  record Claim(String commandId, int partition) {}

  /** A poll that has its answer. */
  record Settled(Poll poll, List<Command> commands) {}

  /** A poll that waits for its claims; whoever gets it {@link Settled} completes the answer. */
  static final class Poll {
    final CompletableFuture<List<Command>> answer = new CompletableFuture<>();
    private final List<PendingCommand> entries = new ArrayList<>();
    private int undecided;
  }

  /**
   * An empty board.
   *
   * @param gatewayId under which this gateway claims
   * @param capacity the most commands that are kept
   * @param longestLife after which a command is forgotten, whatever it says itself
   */
  CommandBoard(String gatewayId, int capacity, Duration longestLife, CommandMetrics metrics) {
    this.gatewayId = gatewayId;
    this.capacity = capacity;
    this.longestLife = longestLife;
    this.metrics = metrics;
  }

  String gatewayId() {
    return gatewayId;
  }

  int size() {
    return byId.size();
  }

  /** The log has a command. Returns whether it is too late for it already. */
  boolean commandRead(Command command, int partition, Instant now) {
    Instant longest = now.plus(longestLife);
    Instant said = CommandRecords.instant(command.getExpiresAt());
    Instant expiresAt = said.isBefore(longest) ? said : longest;
    if (!now.isBefore(expiresAt)) {
      return true;
    }
    if (byId.containsKey(command.getCommandId())) {
      return false;
    }
    if (byId.size() >= capacity) {
      metrics.overflowed();
      return false;
    }
    Instant issued = CommandRecords.instant(command.getIssuedAt());
    Instant last = lastTimes.get(partition);
    Instant time = last != null && last.isAfter(issued) ? last : issued;
    lastTimes.put(partition, time);
    PendingCommand entry =
        new PendingCommand(command, partition, new Place(time, arrivals++), expiresAt);
    byId.put(command.getCommandId(), entry);
    inOrder.put(entry.place, entry);
    return false;
  }

  /** The log has a claim; only the first of each command counts. */
  List<Settled> claimRead(String commandId, String claimant, Instant now) {
    PendingCommand entry = byId.get(commandId);
    if (entry == null || entry.state == State.WON) {
      return List.of();
    }
    boolean undecided = entry.state == State.CLAIMED;
    if (claimant.equals(gatewayId)) {
      entry.state = State.WON;
    } else {
      remove(entry);
      if (undecided) {
        metrics.claimLost();
      }
    }
    return undecided ? decided(entry.owner, now) : List.of();
  }

  /** A claim was not written, as far as is known; it does no harm if it was. */
  List<Settled> claimFailed(String commandId, Instant now) {
    PendingCommand entry = byId.get(commandId);
    if (entry == null || entry.state != State.CLAIMED) {
      return List.of();
    }
    Poll owner = entry.owner;
    entry.state = State.WAITING;
    entry.owner = null;
    return decided(owner, now);
  }

  private List<Settled> decided(@Nullable Poll owner, Instant now) {
    if (owner == null || --owner.undecided > 0) {
      return List.of();
    }
    return List.of(settle(owner, now));
  }

  /**
   * Sets the commands aside that fit a poll, oldest first. Returns the claims that have to be
   * written for it; if there are none, the poll can be settled at once.
   *
   * @param gameId the poller's game, or null if unknown
   */
  List<Claim> open(Poll poll, @Nullable String gameId, int most, Instant now) {
    List<Claim> claims = new ArrayList<>();
    for (PendingCommand entry : inOrder.values()) {
      if (poll.entries.size() == most) {
        break;
      }
      if (entry.owner != null || entry.expired(now) || !entry.fits(gameId)) {
        continue;
      }
      if (entry.state == State.CLAIMED) {
        // Left undecided by an earlier poll. Nothing may overtake it, and nobody waits for it
        // again.
        break;
      }
      entry.owner = poll;
      poll.entries.add(entry);
      if (entry.state == State.WAITING) {
        entry.state = State.CLAIMED;
        poll.undecided++;
        claims.add(new Claim(entry.id(), entry.partition));
      }
    }
    polls.add(poll);
    return claims;
  }

  /** Answers a poll with what it has; null if it has its answer already. */
  @Nullable Settled giveUp(Poll poll, Instant now) {
    return polls.contains(poll) ? settle(poll, now) : null;
  }

  private Settled settle(Poll poll, Instant now) {
    polls.remove(poll);
    List<Command> commands = new ArrayList<>();
    boolean blocked = false;
    for (PendingCommand entry : poll.entries) {
      if (byId.get(entry.id()) != entry) {
        continue;
      }
      boolean ours = entry.owner == poll;
      if (ours) {
        entry.owner = null;
      }
      if (!ours || entry.state != State.WON) {
        blocked = true;
      } else if (!blocked && !entry.expired(now)) {
        remove(entry);
        commands.add(entry.command);
      }
    }
    metrics.handedOut(commands.size());
    return new Settled(poll, List.copyOf(commands));
  }

  /** Forgets what has expired, except what a poll is waiting for. */
  void expire(Instant now) {
    int expired = 0;
    for (Iterator<PendingCommand> entries = inOrder.values().iterator(); entries.hasNext(); ) {
      PendingCommand entry = entries.next();
      if (entry.owner == null && entry.expired(now)) {
        entries.remove();
        byId.remove(entry.id());
        expired++;
      }
    }
    metrics.expired(expired);
  }

  /**
   * The place in the log was lost, and parts of it will be read again. What is decided stays so;
   * the rest is forgotten, and claimed under a new name, since a claim under the old one may come
   * by again that belongs to a command handed out long ago.
   */
  List<Settled> startAnew(String newGatewayId, Instant now) {
    List<Settled> settled = List.copyOf(polls).stream().map(poll -> settle(poll, now)).toList();
    gatewayId = newGatewayId;
    inOrder.values().removeIf(entry -> entry.state != State.WON);
    byId.values().removeIf(entry -> entry.state != State.WON);
    lastTimes.clear();
    return settled;
  }

  private void remove(PendingCommand entry) {
    byId.remove(entry.id());
    inOrder.remove(entry.place);
  }
}
