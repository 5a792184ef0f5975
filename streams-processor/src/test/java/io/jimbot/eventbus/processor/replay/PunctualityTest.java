package io.jimbot.eventbus.processor.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.events.v1.ReplayRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PunctualityTest {

  private static Punctuality of(ReplayRequest.Builder request) throws Exception {
    return Punctuality.of(request.build(), ProcessorConfiguration.load(null, Map.of()).replay());
  }

  @Test
  void inATimingEventsAreWrittenBeforeTheyAreDue() throws Exception {
    Punctuality punctuality = of(ReplayRequest.newBuilder().setOwnTopic(true).setSpeed(2));

    assertThat(punctuality.leadNanos()).isEqualTo(50_000_000);
    assertThat(punctuality.togetherNanos()).isEqualTo(5_000_000);
  }

  @Test
  void noTransactionIsOpenInTheLogWhileAReplayToAGroupWaits() throws Exception {
    assertThat(of(ReplayRequest.newBuilder().setGroup("g").setSpeed(2)).leadNanos()).isZero();
  }

  @Test
  void atARateEventsShareCommits() throws Exception {
    Punctuality punctuality = of(ReplayRequest.newBuilder().setOwnTopic(true).setMaxRate(1_000));

    assertThat(punctuality.leadNanos()).isZero();
    assertThat(punctuality.togetherNanos()).isEqualTo(10_000_000);
  }
}
