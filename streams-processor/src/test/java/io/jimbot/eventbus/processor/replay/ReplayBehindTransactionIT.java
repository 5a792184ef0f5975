package io.jimbot.eventbus.processor.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.events.v1.ReplayAction;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replay of events that lie behind a transaction which is open when it is planned. */
@Timeout(180)
class ReplayBehindTransactionIT {

  private static final String KEY = "game-1";

  @TempDir private static Path directory;

  private static ReplayFixture kafka;
  private static ReplayPart part;

  @BeforeAll
  static void start() throws Exception {
    kafka = ReplayFixture.start(directory.resolve("kafka"));
    kafka.makeTopic("t.replays", 1);
    part =
        new ReplayPart(
            kafka.kafkaSettings(),
            ProcessorConfiguration.load(null, Map.of()).replay(),
            new PrometheusRegistry());
    part.start();
  }

  @AfterAll
  static void stop() {
    part.close();
    kafka.close();
  }

  @Test
  void allThatWasAcknowledgedComesOnceTheTransactionIsOver() throws Exception {
    kafka.event(KEY, 0, Instant.now(), "ANY", "game.any");
    kafka.flush();
    Replay done;
    try (Producer<byte[], byte[]> other = kafka.transaction(KEY, 1)) {
      kafka.event(KEY, 2, Instant.now(), "ANY", "game.any");
      kafka.flush();
      kafka.ask(ReplayFixture.all("behind").build());
      kafka.awaitReplay("behind", replay -> replay.progress().getEvents() == 1);
      // It is taken up again, and what was planned compared with the log, while that is open.
      kafka.wish("behind", ReplayAction.REPLAY_ACTION_PAUSE);
      kafka.awaitReplay("behind", replay -> replay.state() instanceof ReplayState.Paused);
      kafka.wish("behind", ReplayAction.REPLAY_ACTION_RUN);
      kafka.awaitReplay("behind", replay -> !(replay.state() instanceof ReplayState.Paused));

      other.commitTransaction();
      done = kafka.awaitReplay("behind", r -> r.state() instanceof ReplayState.Finished);
    }

    assertThat(done.state()).isInstanceOf(ReplayState.Completed.class);
    assertThat(kafka.read("t.replay.behind").stream().map(ReplayFixture::number))
        .containsExactly(0, 1, 2);
  }
}
