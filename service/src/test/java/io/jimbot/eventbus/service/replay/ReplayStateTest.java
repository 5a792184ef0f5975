package io.jimbot.eventbus.service.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.events.v1.ReplayProgress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayStateTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123Z");

  @Test
  void goesFromRequestedOverAPauseToItsEnd() {
    ReplayState.Paused paused = new ReplayState.Requested().run().pause();
    ReplayState.Completed completed = paused.run().complete(NOW);

    assertThat(completed.at()).isEqualTo(NOW);
    assertThat(completed).isNotInstanceOf(ReplayState.Unfinished.class);
  }

  @Test
  void whateverIsUnfinishedCanBeCancelledOrFail() {
    List<ReplayState.Unfinished> unfinished =
        List.of(new ReplayState.Requested(), new ReplayState.Running(), new ReplayState.Paused());

    for (ReplayState.Unfinished state : unfinished) {
      assertThat(state.cancel(NOW)).isEqualTo(new ReplayState.Cancelled(NOW));
      assertThat(state.fail(NOW, "why")).isEqualTo(new ReplayState.Failed(NOW, "why"));
    }
  }

  @Test
  void everyStateIsReadBackAsItWasStored() {
    List<ReplayState> states =
        List.of(
            new ReplayState.Requested(),
            new ReplayState.Running(),
            new ReplayState.Paused(),
            new ReplayState.Completed(NOW),
            new ReplayState.Cancelled(NOW),
            new ReplayState.Failed(NOW, "no such thing"));

    for (ReplayState state : states) {
      ReplayProgress.Builder progress = ReplayProgress.newBuilder();
      state.writeTo(progress);
      assertThat(ReplayState.of(progress.build())).isEqualTo(state);
    }
    assertThat(states)
        .extracting(ReplayState::word)
        .containsExactly("requested", "running", "paused", "completed", "cancelled", "failed");
  }

  @Test
  void whatHasNoProgressIsRequested() {
    assertThat(ReplayState.of(ReplayProgress.getDefaultInstance()))
        .isEqualTo(new ReplayState.Requested());
  }
}
