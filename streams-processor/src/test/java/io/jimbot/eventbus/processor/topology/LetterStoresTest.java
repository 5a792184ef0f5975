package io.jimbot.eventbus.processor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.service.deadletter.WireTime;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.Test;

class LetterStoresTest {

  private static final Instant DUE = Instant.ofEpochMilli(1_000);

  private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();

  LetterStoresTest() {
    for (String name :
        new String[] {
          LetterStores.LETTERS, LetterStores.DUE, LetterStores.RUNS, LetterStores.ACTIONS
        }) {
      KeyValueStore<String, byte[]> store =
          Stores.keyValueStoreBuilder(
                  Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
              .withLoggingDisabled()
              .build();
      store.init(context.getStateStoreContext(), store);
    }
    Duration window = Duration.ofMinutes(10);
    WindowStore<String, String> repeats =
        Stores.windowStoreBuilder(
                Stores.inMemoryWindowStore(LetterStores.REPEATS, window, window, false),
                Serdes.String(),
                Serdes.String())
            .withLoggingDisabled()
            .build();
    repeats.init(context.getStateStoreContext(), repeats);
  }

  @Test
  void whoeverTakesTheStoresOverKnowsWhatIsScheduledAndWhenItIsDue() {
    LetterStores first = new LetterStores(context);
    first.schedule("a", WireTime.of(DUE.plusSeconds(1)));
    first.schedule("b", WireTime.of(DUE));
    first.schedule("c", WireTime.of(DUE.plusSeconds(2)));
    first.due(DUE.toEpochMilli(), 10).forEach(first::unschedule);

    LetterStores next = new LetterStores(context);
    assertThat(next.scheduled()).isEqualTo(2);
    assertThat(next.nextDueMillis()).isEqualTo(2_000);
  }

  @Test
  void whatIsScheduledOrTakenOutTwiceCountsOnce() {
    LetterStores stores = new LetterStores(context);
    stores.schedule("a", WireTime.of(DUE));
    stores.schedule("a", WireTime.of(DUE));
    assertThat(stores.scheduled()).isOne();

    String due = stores.due(DUE.toEpochMilli(), 10).get(0);
    assertThat(stores.unschedule(due)).isEqualTo("a");
    assertThat(stores.unschedule(due)).isEqualTo("a");
    assertThat(stores.scheduled()).isZero();
    assertThat(stores.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }
}
