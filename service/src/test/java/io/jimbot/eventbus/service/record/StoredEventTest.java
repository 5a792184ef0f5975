package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.events.v1.Event;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoredEventTest {

  private static final int VALUE_BYTES = 100;

  private static ConsumerRecord<byte[], byte[]> record(@Nullable String key) {
    byte[] value = new byte[VALUE_BYTES];
    value[0] = 1;
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("log", 0, 7, key == null ? null : key.getBytes(UTF_8), value);
    record.headers().add(HeaderNames.TOPIC, "custom.test".getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_TYPE, "TEST".getBytes(UTF_8));
    return record;
  }

  @Test
  void itsSizeIsThatOfItsValueAndOfTheKeyOfItsRecord() {
    StoredEvent event = new StoredEvent(record("game"));

    assertThat(event.orderingKey()).isEqualTo("game".getBytes(UTF_8));
    assertThat(event.size()).isEqualTo(VALUE_BYTES + 4);
  }

  @Test
  void anOrderingKeyThatIsNotItsRecordsCountsInsteadOfThat() {
    ConsumerRecord<byte[], byte[]> record = record("key of a compacted class");
    record.headers().add(HeaderNames.ORDERING_KEY, "game".getBytes(UTF_8));
    StoredEvent event = new StoredEvent(record);

    assertThat(event.orderingKey()).isEqualTo("game".getBytes(UTF_8));
    assertThat(event.size()).isEqualTo(VALUE_BYTES + 4);
  }

  @Test
  void withoutAnyKeyItHasTheSizeOfItsValue() {
    assertThat(new StoredEvent(record(null)).size()).isEqualTo(VALUE_BYTES);
  }

  @Test
  void inAnotherVersionItsSizeIsThatOfTheOtherValueAndOfTheSameKey() {
    StoredEvent other =
        new StoredEvent(record("game")).inVersion(2, ByteString.copyFrom(new byte[50]));

    assertThat(other.orderingKey()).isEqualTo("game".getBytes(UTF_8));
    assertThat(other.size()).isEqualTo(50 + 4);
  }

  @Test
  void aRecordThatIsNoEventHasTheSizeOfItsValueAndItsKey() {
    StoredEvent none =
        new StoredEvent(new ConsumerRecord<>("log", 0, 7, new byte[4], new byte[] {-1, -1}));

    assertThat(none.isEvent()).isFalse();
    assertThat(none.size()).isEqualTo(2 + 4);
  }

  @Test
  void itsMetadataIsReadOnceHoweverManyAskForIt() {
    StoredEvent event = new StoredEvent(record("game"));

    assertThat(event.metadata()).isSameAs(event.metadata());
  }

  @Test
  void inAnotherVersionItHasTheMetadataOfThat() {
    StoredEvent event = new StoredEvent(record("game"));
    assertThat(event.metadata().entries()).isEmpty();
    ByteString other = Event.newBuilder().putMetadata("k", "v").build().toByteString();

    assertThat(event.inVersion(2, other).metadata().entries()).containsOnly(Map.entry("k", "v"));
  }
}
