package io.jimbot.eventbus.service.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jimbot.events.v1.Event;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventMetadataTest {

  @Test
  void itFindsWhatTheGeneratedParserFinds() throws Exception {
    ByteString bytes =
        Event.newBuilder()
            .setEventType("X")
            .putMetadata("a", "1")
            .putMetadata("", "ü")
            .putMetadata("c", "")
            .build()
            .toByteString();

    assertThat(EventMetadata.of(bytes).entries())
        .isEqualTo(Event.parseFrom(bytes).getMetadataMap());
    assertThat(EventMetadata.of(bytes).containsAll(Map.of("a", "1", "c", ""))).isTrue();
    assertThat(EventMetadata.of(bytes).containsAll(Map.of("a", "2"))).isFalse();
  }

  @Test
  void bytesThatAreNoEventHaveNone() {
    assertThat(EventMetadata.of(ByteString.copyFrom(new byte[] {-1, -1, -1})).entries()).isEmpty();
  }
}
