package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.record.HeaderTime;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/**
 * Drops what has expired, and does not remember it: a copy may live longer. Drops an event whose
 * idempotency key was seen within the window before or after it, by the times of receipt, unless
 * the one that was seen had expired when this one came in, as {@code OncePublisher} of the gateway
 * does: what is kept of it comes to nobody. The first one counts: repetitions do not prolong the
 * window. An event without a key goes through. What failed in this topology may have been
 * remembered before it did: when it comes again because of that, it repeats only what has come
 * again as often. The store forgets by itself, so its size follows the rate of events.
 */
final class DistinctEvents extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

  /** Remembered of what does not expire; of all else, when it does. This is no time. */
  private static final byte[] SEEN = {1};

  private static final long NEVER = Long.MAX_VALUE;
  private static final byte AGAIN = '+';

  private final Duration window;
  private final Clock clock;
  private final RetentionCounts counts;
  private final String group;
  private @Nullable WindowStore<Bytes, byte[]> seen;

  DistinctEvents(Duration window, Clock clock, RetentionCounts counts, String group) {
    this.window = window;
    this.clock = clock;
    this.counts = counts;
    this.group = group;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    super.init(context);
    seen = context.getStateStore(RetentionTopology.SEEN_STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Headers headers = record.headers();
    long expiry = expiry(headers);
    if (expiry <= clock.millis()) {
      counts.expired();
      return;
    }
    byte[] identity = EventHeaders.bytes(headers, HeaderNames.IDEMPOTENCY_KEY);
    if (identity != null
        && isRepetition(new Bytes(remembered(identity, headers)), record.timestamp(), expiry)) {
      counts.repeated();
      return;
    }
    headers.remove(HeaderNames.FOR_GROUP);
    headers.remove(HeaderNames.REDRIVE_FROM);
    context().forward(record);
  }

  private static long expiry(Headers headers) {
    byte[] expiry = EventHeaders.bytes(headers, HeaderNames.EXPIRES_AT);
    return expiry == null ? NEVER : HeaderTime.millis(expiry, NEVER);
  }

  private byte[] remembered(byte[] identity, Headers headers) {
    if (!SecondTry.isOf(group, headers)) {
      return identity;
    }
    byte[] count = EventHeaders.text(headers, HeaderNames.REDRIVE_COUNT).getBytes(UTF_8);
    return ByteBuffer.allocate(identity.length + 1 + count.length)
        .put(identity)
        .put(AGAIN)
        .put(count)
        .array();
  }

  /** Remembers it if it is none. */
  private boolean isRepetition(Bytes identity, long receivedAt, long expiry) {
    // The newest time moves the store on: one clock that is ahead must not make it forget.
    long time = Math.min(receivedAt, context().currentSystemTimeMs());
    WindowStore<Bytes, byte[]> store = requireNonNull(seen);
    long from = Math.max(0, time - window.toMillis());
    try (WindowStoreIterator<byte[]> found =
        store.fetch(identity, from, time + window.toMillis())) {
      while (found.hasNext()) {
        if (HeaderTime.millis(found.next().value, NEVER) > time) {
          return true;
        }
      }
    }
    store.put(identity, expiry == NEVER ? SEEN : HeaderTime.of(expiry), time);
    return false;
  }
}
