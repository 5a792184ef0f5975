package io.jimbot.eventbus.gateway.delivery.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowTest {

  private final Window window = new Window(10, () -> 1_000);

  @BeforeEach
  void threeEventsOfWhichOneIsGiven() {
    window.begin(new long[] {0, 0});
    window.offer(event(0, 0), event -> true);
    window.offer(event(0, 1), event -> true);
    window.offer(event(1, 0), event -> true);
    window.take();
    window.given();
  }

  private static StoredEvent event(int partition, long offset) {
    return new StoredEvent(
        new ConsumerRecord<>("log", partition, offset, new byte[] {1}, new byte[] {1}));
  }

  private long[] place() {
    return Objects.requireNonNull(window.placeOfGiven()).toArray();
  }

  @Test
  void thePlaceIsBehindWhatWasGivenAndBeforeWhatWaits() {
    assertThat(place()).containsExactly(1, 0);
  }

  @Test
  void whatIsForgottenIsStillToComeWhereverItsSubscriberGoesOn() {
    window.clear();
    window.offer(event(1, 1), event -> true);
    window.advance(new long[] {5, 5});

    assertThat(window.take()).isNull();
    assertThat(place()).containsExactly(1, 0);
  }

  @Test
  void anEventThatIsInHandWhenTheRestIsForgottenCountsAsToCome() {
    window.take();
    window.clear();

    assertThat(place()).containsExactly(1, 0);
  }

  @Test
  void nothingGoesInOrOutOfOneThatIsShutAndThePlaceStays() {
    window.shut();

    assertThat(window.offer(event(1, 1), event -> true)).isFalse();
    assertThat(window.take()).isNull();
    window.advance(new long[] {5, 5});
    assertThat(place()).containsExactly(1, 0);
  }
}
