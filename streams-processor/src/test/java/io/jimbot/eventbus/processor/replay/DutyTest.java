package io.jimbot.eventbus.processor.replay;

import static io.jimbot.events.v1.ReplayAction.REPLAY_ACTION_CANCEL;
import static io.jimbot.events.v1.ReplayAction.REPLAY_ACTION_DELETE;
import static io.jimbot.events.v1.ReplayAction.REPLAY_ACTION_PAUSE;
import static io.jimbot.events.v1.ReplayAction.REPLAY_ACTION_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayProgress;
import io.jimbot.events.v1.ReplayRequest;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DutyTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private static Duty duty(ReplayAction wish, ReplayState state, boolean outputDeleted) {
    ReplayProgress.Builder progress = ReplayProgress.newBuilder().setOutputDeleted(outputDeleted);
    state.writeTo(progress);
    ReplayRequest request =
        ReplayRequest.newBuilder().setOwnTopic(true).setTimeToLive(Times.duration(HOUR)).build();
    return Duty.of(new Replay("a", 0, request, wish, progress.build()), NOW, DAY);
  }

  @Test
  void whatIsUnfinishedRunsUnlessSomethingElseIsWished() {
    ReplayState[] unfinished = {
      new ReplayState.Requested(), new ReplayState.Running(), new ReplayState.Paused()
    };
    for (ReplayState state : unfinished) {
      assertThat(duty(REPLAY_ACTION_RUN, state, false)).isEqualTo(Duty.RUN);
      assertThat(duty(REPLAY_ACTION_CANCEL, state, false)).isEqualTo(Duty.SETTLE);
      assertThat(duty(REPLAY_ACTION_DELETE, state, false)).isEqualTo(Duty.FORGET);
    }
    assertThat(duty(REPLAY_ACTION_PAUSE, new ReplayState.Running(), false)).isEqualTo(Duty.SETTLE);
    assertThat(duty(REPLAY_ACTION_PAUSE, new ReplayState.Paused(), false)).isEqualTo(Duty.NONE);
  }

  @Test
  void theOutputGoesAfterItsTimeAndTheMemoryOfItLater() {
    ReplayState fresh = new ReplayState.Completed(NOW.minus(HOUR).plusSeconds(1));
    ReplayState old = new ReplayState.Cancelled(NOW.minus(HOUR));
    ReplayState ancient = new ReplayState.Failed(NOW.minus(HOUR).minus(DAY), "");

    assertThat(duty(REPLAY_ACTION_RUN, fresh, false)).isEqualTo(Duty.NONE);
    assertThat(duty(REPLAY_ACTION_RUN, old, false)).isEqualTo(Duty.EXPIRE);
    assertThat(duty(REPLAY_ACTION_RUN, old, true)).isEqualTo(Duty.NONE);
    assertThat(duty(REPLAY_ACTION_RUN, ancient, true)).isEqualTo(Duty.FORGET);
  }

  @Test
  void aFinishedReplayCanNoLongerBePausedOrCancelled() {
    ReplayState done = new ReplayState.Completed(NOW);

    assertThat(duty(REPLAY_ACTION_PAUSE, done, false)).isEqualTo(Duty.NONE);
    assertThat(duty(REPLAY_ACTION_CANCEL, done, false)).isEqualTo(Duty.NONE);
  }
}
