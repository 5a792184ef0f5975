package io.jimbot.eventbus.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RenditionsTest {

  private static final int KIB = 1024;

  private final List<StoredEvent> made = new ArrayList<>();
  private final Renditions<byte[]> renditions = new Renditions<>(this::make, bytes -> bytes.length);

  /** As large as the event. */
  private byte[] make(StoredEvent event) {
    made.add(event);
    return new byte[event.size()];
  }

  private static List<StoredEvent> events(int count, int bytes) {
    return LongStream.range(0, count)
        .mapToObj(
            offset ->
                new StoredEvent(new ConsumerRecord<>("log", 0, offset, null, new byte[bytes])))
        .toList();
  }

  @Test
  void ofEventsThatSeveralGetInARowEachIsMadeOnce() {
    List<StoredEvent> events = events(500, KIB);
    for (int subscriber = 0; subscriber < 10; subscriber++) {
      events.forEach(renditions::of);
    }

    assertThat(made).containsExactlyElementsOf(events);
    assertThat(renditions.of(events.get(3))).isSameAs(renditions.of(events.get(3)));
  }

  @Test
  void anotherVersionOfAnEventIsAnotherOne() {
    StoredEvent event = events(1, KIB).get(0);
    StoredEvent other = event.inVersion(2, ByteString.copyFrom(new byte[2 * KIB]));

    assertThat(renditions.of(event)).hasSize(KIB);
    assertThat(renditions.of(other)).hasSize(2 * KIB);
  }

  @Test
  void theOldestAreForgottenForTheNewestOnesSake() {
    List<StoredEvent> events = events(100, 64 * KIB);
    events.forEach(renditions::of);
    made.clear();
    events.subList(70, 100).forEach(renditions::of);
    assertThat(made).isEmpty();

    renditions.of(events.get(0));
    assertThat(made).containsExactly(events.get(0));
  }

  @Test
  void oneThatIsLargerThanAllMayBeIsMadeForEach() {
    StoredEvent huge = events(1, 8 * KIB * KIB).get(0);
    StoredEvent small = events(1, KIB).get(0);
    renditions.of(huge);
    renditions.of(huge);
    renditions.of(small);
    renditions.of(small);

    assertThat(made).containsExactly(huge, huge, small);
  }
}
