package io.jimbot.eventbus.processor.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.processor.kafka.KafkaClients;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.events.v1.ReplayAction;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The threads that work on replays, one for each kind; topics cannot be made or deleted at first.
 */
@Timeout(120)
class ReplayCrewIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Instant START = Instant.now().minus(Duration.ofHours(2));

  @TempDir private Path directory;

  /** How often something was tried that Kafka did not do. */
  private final AtomicInteger refused = new AtomicInteger();

  private volatile boolean changesTopics;
  private ReplayFixture kafka;
  private ReplayCrew crew;

  @BeforeEach
  void start() throws Exception {
    kafka = ReplayFixture.start(directory);
    kafka.makeTopic("t.replays", 1);
    ReplaySettings settings = ProcessorConfiguration.load(null, Map.of()).replay();
    ReplayClients clients =
        new ReplayClients(new KafkaClients(kafka.kafkaSettings()), "t", settings);
    ReplayMetrics metrics = new ReplayMetrics(new PrometheusRegistry());
    AcknowledgedEnds ends = new AcknowledgedEnds(clients::admin);
    ReplayWork work =
        new ReplayWork(
            settings,
            kafka.topics(),
            clients,
            ends,
            new ReplayLedger(clients, ends, "t.replays", PATIENCE),
            new ReplayOutputs(() -> admin(clients), kafka.topics(), -1, 0),
            metrics,
            Clock.systemUTC());
    crew = new ReplayCrew(1, work, metrics);
  }

  private Admin admin(ReplayClients clients) {
    if (!changesTopics) {
      refused.incrementAndGet();
      throw new TimeoutException("not now");
    }
    return clients.admin();
  }

  @AfterEach
  void stop() {
    crew.close();
    kafka.close();
  }

  private Replay asked(String id, ReplayAction wish) throws Exception {
    kafka.ask(ReplayFixture.all(id).build());
    kafka.wish(id, wish);
    return Objects.requireNonNull(kafka.look(id));
  }

  @Test
  void aDeletionThatKafkaDoesNotDoHoldsUpNoCancellation() throws Exception {
    kafka.makeTopic("t.replay.deleted", 1);
    crew.send(asked("deleted", ReplayAction.REPLAY_ACTION_DELETE), Duty.FORGET);
    await().atMost(PATIENCE).until(() -> refused.get() > 1);

    crew.send(asked("cancelled", ReplayAction.REPLAY_ACTION_CANCEL), Duty.SETTLE);

    kafka.awaitReplay("cancelled", replay -> replay.state() instanceof ReplayState.Cancelled);
    assertThat(kafka.look("deleted")).isNotNull();
    changesTopics = true;
    await().atMost(PATIENCE).until(() -> kafka.look("deleted") == null);
    await().atMost(PATIENCE).until(() -> !kafka.exists("t.replay.deleted"));
  }

  /** Asks for one that does not end in the time of a test. */
  private Replay askedForLong(String id) throws Exception {
    kafka.event("k", 1, START, "ANY", "game.any");
    kafka.event("k", 2, START.plusSeconds(600), "ANY", "game.any");
    kafka.flush();
    kafka.ask(ReplayFixture.all(id).setSpeed(1).build());
    return Objects.requireNonNull(kafka.look(id));
  }

  @Test
  void aReplayThatWaitsForAThreadIsCancelledWhileItWaits() throws Exception {
    changesTopics = true;
    crew.send(askedForLong("first"), Duty.RUN);
    kafka.awaitReplay("first", replay -> replay.state() instanceof ReplayState.Running);
    crew.send(asked("second", ReplayAction.REPLAY_ACTION_RUN), Duty.RUN);

    kafka.wish("second", ReplayAction.REPLAY_ACTION_CANCEL);
    Replay second = Objects.requireNonNull(kafka.look("second"));
    crew.wish(second);
    crew.send(second, Duty.SETTLE);

    kafka.awaitReplay("second", replay -> replay.state() instanceof ReplayState.Cancelled);
    assertThat(Objects.requireNonNull(kafka.look("first")).state())
        .isEqualTo(new ReplayState.Running());
    await().atMost(PATIENCE).until(() -> crew.size() == 1);
  }

  @Test
  void aReplayThatIsToGoOnAgainWhenItsPauseIsSettledHoldsUpNoCancellation() throws Exception {
    changesTopics = true;
    crew.send(askedForLong("resumed"), Duty.SETTLE);

    crew.send(asked("cancelled", ReplayAction.REPLAY_ACTION_CANCEL), Duty.SETTLE);

    kafka.awaitReplay("cancelled", replay -> replay.state() instanceof ReplayState.Cancelled);
    assertThat(Objects.requireNonNull(kafka.look("resumed")).state())
        .isEqualTo(new ReplayState.Requested());
  }
}
