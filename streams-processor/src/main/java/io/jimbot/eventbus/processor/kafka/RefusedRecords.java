package io.jimbot.eventbus.processor.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka has refused to take from a topology. A refusal takes the transaction with it, and is
 * told on a thread that may not write; so the record is remembered here, the thread begins again
 * from what was committed, and where it is about to write the same record again, a dead letter goes
 * in its place. Bounded: what is forgotten is refused once more. Thread-safe.
 */
final class RefusedRecords {

  private static final int MOST = 10_000;
  private static final Duration LONGEST_PENDING = Duration.ofSeconds(30);

  @GuardedBy("this")
  private final Map<HashCode, Refusal> refusals =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<HashCode, Refusal> eldest) {
          return size() > MOST;
        }
      };

  /** So that it costs nothing where nothing was ever refused. */
  private volatile boolean any;

  @GuardedBy("this")
  private boolean news;

  /** What was refused last, until its dead letter is written; null then. */
  @GuardedBy("this")
  private @Nullable HashCode pending;

  @GuardedBy("this")
  private long pendingSinceNanos;

  /**
   * Why a record was refused.
   *
   * @param reason the dead letter's
   * @param message why, for a person
   */
  record Refusal(DeadLetterReason reason, String message) {}

  /**
   * Remembers a record. All that the producer had still to send fails with the same error after it,
   * and is not at fault: until the first one's dead letter is written, or that takes too long, no
   * other is taken for refused.
   */
  synchronized void add(String topic, Headers headers, byte @Nullable [] value, Refusal refusal) {
    long now = System.nanoTime();
    if (pending != null && now - pendingSinceNanos < LONGEST_PENDING.toNanos()) {
      return;
    }
    pending = identity(topic, headers, value);
    pendingSinceNanos = now;
    refusals.put(pending, refusal);
    any = true;
    news = true;
  }

  /** Why that record was refused, so that a dead letter is to be written; null if it was not. */
  @Nullable Refusal of(String topic, Headers headers, byte @Nullable [] value) {
    if (!any) {
      return null;
    }
    HashCode identity = identity(topic, headers, value);
    synchronized (this) {
      if (identity.equals(pending)) {
        pending = null;
      }
      return refusals.get(identity);
    }
  }

  /** Whether one has come since the last call. */
  synchronized boolean takeNews() {
    boolean had = news;
    news = false;
    return had;
  }

  /**
   * The same when the record is made again. The value of an event may then hold another time of
   * receipt, but its idempotency key says what it is; other records are what their bytes are.
   */
  private static HashCode identity(String topic, Headers headers, byte @Nullable [] value) {
    Hasher hasher = Hashing.sha256().newHasher();
    put(topic.getBytes(UTF_8), hasher);
    for (Header header : headers) {
      put(header.key().getBytes(UTF_8), hasher);
      put(header.value(), hasher);
    }
    if (headers.lastHeader(HeaderNames.IDEMPOTENCY_KEY) == null) {
      put(value, hasher);
    }
    return hasher.hash();
  }

  private static void put(byte @Nullable [] bytes, Hasher hasher) {
    if (bytes == null) {
      hasher.putInt(-1);
    } else {
      hasher.putInt(bytes.length).putBytes(bytes);
    }
  }
}
