package io.jimbot.eventbus.gateway.delivery.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What tells the workers of this gateway which events repeat others: one {@link LogRepeats} for
 * each queue, since each is at another place of the log; its workers share it, and it ends with the
 * last of them. Thread-safe.
 */
final class RepeatsByQueue {

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final int maxKeys;

  @GuardedBy("this")
  private final Map<String, Shared> byQueue = new HashMap<>();

  private static final class Shared {
    private final LogRepeats log;
    private int workers;

    Shared(LogRepeats log) {
      this.log = log;
    }
  }

  /**
   * Has none yet.
   *
   * @param consumers makes a consumer without a group
   * @param maxKeys among how many of a queue's last events a repeat is recognised
   */
  RepeatsByQueue(Supplier<Consumer<byte[], byte[]>> consumers, int maxKeys) {
    this.consumers = consumers;
    this.maxKeys = maxKeys;
  }

  /** For one more worker of a queue, which closes it in a thread that may block. */
  Repeats join(String queue) {
    LogRepeats log = shared(queue).log;
    return new Repeats() {
      @Override
      public Set<ConsumerRecord<byte[], byte[]>> among(
          Iterable<ConsumerRecord<byte[], byte[]>> events) {
        return log.among(events);
      }

      @Override
      public void close() {
        if (isLast(queue)) {
          log.close();
        }
      }
    };
  }

  private synchronized Shared shared(String queue) {
    Shared shared =
        byQueue.computeIfAbsent(queue, name -> new Shared(new LogRepeats(consumers, maxKeys)));
    shared.workers++;
    return shared;
  }

  private synchronized boolean isLast(String queue) {
    Shared shared = byQueue.get(queue);
    boolean last = shared != null && --shared.workers == 0;
    if (last) {
      byQueue.remove(queue);
    }
    return last;
  }

  /** Whoever waits to be told is told nothing any more; does not wait. */
  synchronized void stop() {
    byQueue.values().forEach(shared -> shared.log.stop());
  }
}
