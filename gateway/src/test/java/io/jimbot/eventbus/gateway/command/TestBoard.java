package io.jimbot.eventbus.gateway.command;

import io.jimbot.eventbus.gateway.command.CommandBoard.Claim;
import io.jimbot.eventbus.gateway.command.CommandBoard.Poll;
import io.jimbot.eventbus.gateway.command.CommandBoard.Settled;
import io.jimbot.eventbus.gateway.telemetry.CommandMetrics;
import io.jimbot.events.v1.Command;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A board with short words for what tests do with it. */
final class TestBoard {

  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant LATER = NOW.plusSeconds(30);
  static final String US = "us";
  static final String THEM = "them";
  static final int CAPACITY = 4;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  final CommandBoard board =
      new CommandBoard(US, CAPACITY, Duration.ofMinutes(10), new CommandMetrics(registry));

  static Command.Builder command(String id, Instant issuedAt) {
    return Command.newBuilder()
        .setCommandId(id)
        .setName("play_hand")
        .setIssuedAt(CommandRecords.timestamp(issuedAt))
        .setExpiresAt(CommandRecords.timestamp(LATER));
  }

  void read(String id, Instant issuedAt) {
    read(command(id, issuedAt).build(), 0);
  }

  void read(Command command, int partition) {
    board.commandRead(command, partition, NOW);
  }

  /** A poll of what needs no claim any more. */
  List<String> poll(@Nullable String game) {
    Poll poll = new Poll();
    board.open(poll, game, 10, NOW);
    return ids(Objects.requireNonNull(board.giveUp(poll, NOW)));
  }

  List<String> claimable(@Nullable String game) {
    return board.open(new Poll(), game, 10, NOW).stream().map(Claim::commandId).toList();
  }

  static List<String> ids(Settled settled) {
    return settled.commands().stream().map(Command::getCommandId).toList();
  }

  double count(String what) {
    return registry.scrape().stream()
        .filter(s -> s.getMetadata().getName().equals("eventbus_commands_" + what))
        .map(CounterSnapshot.class::cast)
        .mapToDouble(s -> s.getDataPoints().get(0).getValue())
        .sum();
  }
}
