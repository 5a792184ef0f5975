package io.jimbot.eventbus.processor.topology;

import static java.util.Objects.requireNonNull;

import io.jimbot.eventbus.event.HeaderNames;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/**
 * Drops an event whose idempotency key was seen within the window before or after it, by the times
 * of receipt. The first one counts: repetitions do not prolong the window. An event without a key
 * goes through. The store forgets by itself, so its size follows the rate of events.
 */
final class DistinctEvents extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

  private static final byte[] SEEN = {1};

  private final Duration window;
  private final RetentionCounts counts;
  private @Nullable WindowStore<Bytes, byte[]> seen;

  DistinctEvents(Duration window, RetentionCounts counts) {
    this.window = window;
    this.counts = counts;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    super.init(context);
    seen = context.getStateStore(RetentionTopology.SEEN_STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    byte[] identity = EventHeaders.bytes(record.headers(), HeaderNames.IDEMPOTENCY_KEY);
    if (identity != null && isRepetition(new Bytes(identity), record.timestamp())) {
      counts.repeated();
      return;
    }
    context().forward(record);
  }

  /** Remembers it if it is none. */
  private boolean isRepetition(Bytes identity, long receivedAt) {
    // The newest time moves the store on: one clock that is ahead must not make it forget.
    long time = Math.min(receivedAt, context().currentSystemTimeMs());
    WindowStore<Bytes, byte[]> store = requireNonNull(seen);
    long from = Math.max(0, time - window.toMillis());
    try (WindowStoreIterator<byte[]> found =
        store.fetch(identity, from, time + window.toMillis())) {
      if (found.hasNext()) {
        return true;
      }
    }
    store.put(identity, SEEN, time);
    return false;
  }
}
