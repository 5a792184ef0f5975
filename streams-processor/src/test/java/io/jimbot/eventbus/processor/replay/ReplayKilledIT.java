package io.jimbot.eventbus.processor.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.events.v1.ReplayStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processors that are killed in the middle of a replay: no event is missing, none comes twice. */
@Timeout(180)
class ReplayKilledIT {

  private static final int EVENTS = 30_000;
  private static final Instant START = Instant.now().minus(Duration.ofHours(2));

  @TempDir private Path directory;

  private final List<ProcessorProcess> processes = new ArrayList<>();
  private ReplayFixture kafka;

  @BeforeEach
  void start() throws Exception {
    kafka = ReplayFixture.start(directory.resolve("kafka"));
    for (int i = 0; i < EVENTS; i++) {
      kafka.event("game-" + i % 50, i, START.plusMillis(i), "GAME_STATE", "game.state.update");
    }
    kafka.flush();
  }

  @AfterEach
  void stop() {
    processes.forEach(ProcessorProcess::close);
    kafka.close();
  }

  private ProcessorProcess processor() throws Exception {
    ProcessorProcess process =
        ProcessorProcess.start(
            kafka.bootstrapServers(), Files.createTempDirectory(directory, "state"));
    processes.add(process);
    return process;
  }

  private void assertAllOnceInOrder(String id) {
    assertThat(ReplayFixture.byKey(kafka.read("t.replay." + id)))
        .isEqualTo(ReplayFixture.byKey(kafka.read(ReplayFixture.LOG)));
  }

  @Test
  void oneThatIsStartedAgainGoesOnWhereItWas() throws Exception {
    ProcessorProcess first = processor();
    kafka.ask(ReplayFixture.all("restarted").setMaxRate(3_000).build());
    kafka.awaitReplay("restarted", replay -> replay.progress().getEvents() > 2_000);
    first.kill();
    long atKill = events("restarted");

    ProcessorProcess second = processor();
    kafka.awaitReplay("restarted", replay -> replay.progress().getEvents() > atKill + 2_000);
    second.kill();
    processor();
    Replay done = kafka.awaitCompleted("restarted");

    assertThat(atKill).isLessThan(EVENTS);
    assertThat(done.progress().getEvents()).isEqualTo(EVENTS);
    assertAllOnceInOrder("restarted");
  }

  @Test
  void anotherProcessorTakesTheReplaysOfADeadOneOver() throws Exception {
    ProcessorProcess dying = processor();
    kafka.ask(ReplayFixture.all("one").setMaxRate(2_000).build());
    kafka.ask(ReplayFixture.all("two").build());
    kafka.awaitReplay("one", replay -> replay.progress().getEvents() > 1_000);
    ProcessorProcess other = processor();
    other.awaitReady();
    kafka.ask(ReplayFixture.all("three").setMaxRate(5_000).build());
    kafka.awaitReplay("three", replay -> replay.progress().getEvents() > 1_000);
    dying.kill();

    for (String id : List.of("one", "two", "three")) {
      kafka.awaitCompleted(id);
      assertAllOnceInOrder(id);
    }
  }

  @Test
  void oneThatIsOnlyFrozenIsFencedWhenItWakesUp() throws Exception {
    ProcessorProcess frozen = processor();
    kafka.ask(ReplayFixture.all("frozen").setMaxRate(2_000).build());
    kafka.awaitReplay("frozen", replay -> replay.progress().getEvents() > 1_000);
    frozen.signal("STOP");
    long atStop = events("frozen");
    processor();
    kafka.awaitReplay("frozen", replay -> replay.progress().getEvents() > atStop + 2_000);
    frozen.signal("CONT");

    kafka.awaitCompleted("frozen");
    assertAllOnceInOrder("frozen");
    assertThat(frozen.awaitLine("taken over by another processor", TimeUnit.SECONDS.toMillis(30)))
        .isTrue();
  }

  private long events(String id) {
    Replay replay = Objects.requireNonNull(kafka.look(id));
    assertThat(replay.progress().getStatus()).isEqualTo(ReplayStatus.REPLAY_STATUS_RUNNING);
    return replay.progress().getEvents();
  }
}
