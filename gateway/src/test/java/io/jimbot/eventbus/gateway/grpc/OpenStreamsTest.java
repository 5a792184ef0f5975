package io.jimbot.eventbus.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenStreamsTest {

  private static final Instant DEADLINE = Instant.ofEpochSecond(1);

  private final OpenStreams streams = new OpenStreams();

  @Test
  void aStreamThatComesTooLateToBeRefusedIsToldLikeTheOthers() {
    RecordingStream before = new RecordingStream();
    RecordingStream after = new RecordingStream();
    streams.add(before);
    assertThat(streams.isDraining()).isFalse();
    streams.drain(DEADLINE);
    streams.add(after);

    assertThat(streams.isDraining()).isTrue();
    assertThat(before.told).containsExactly(DEADLINE);
    assertThat(after.told).containsExactly(DEADLINE);
    streams.end();
    assertThat(before.ended && after.ended).isTrue();
  }

  private static final class RecordingStream implements OpenStreams.Drainable {
    private final List<Instant> told = new ArrayList<>();
    private boolean ended;

    @Override
    public void drain(Instant deadline) {
      told.add(deadline);
    }

    @Override
    public void end() {
      ended = true;
    }
  }
}
