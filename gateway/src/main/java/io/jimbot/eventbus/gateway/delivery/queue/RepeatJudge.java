package io.jimbot.eventbus.gateway.delivery.queue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which events of a worker repeat earlier ones, of each partition by itself. What cannot
 * be judged now is kept, and judged later: giving it back would use up deliveries. Meanwhile those
 * of other partitions do not wait for it. Belongs to the worker's thread.
 */
final class RepeatJudge {

  private static final Logger LOG = LoggerFactory.getLogger(RepeatJudge.class);

  /** For so long it is not asked again what could not be told. */
  private static final long UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final String group;
  private final Repeats repeats;
  private final AcquiredEvents events;
  private final Runnable repeatsUnknown;
  private final LongSupplier nanoClock;

  /** Of which partitions it could not be told which events repeat others: asked again then. */
  private final Map<Integer, Long> unknownUntilNanos = new HashMap<>();

  /**
   * Does no I/O.
   *
   * @param repeats recognises repeats; its owner closes it
   * @param events the worker's
   * @param repeatsUnknown told when it could not be found out in time
   */
  RepeatJudge(String group, Repeats repeats, AcquiredEvents events, Runnable repeatsUnknown) {
    this(group, repeats, events, repeatsUnknown, System::nanoTime);
  }

  RepeatJudge(
      String group,
      Repeats repeats,
      AcquiredEvents events,
      Runnable repeatsUnknown,
      LongSupplier nanoClock) {
    this.group = group;
    this.repeats = repeats;
    this.events = events;
    this.repeatsUnknown = repeatsUnknown;
    this.nanoClock = nanoClock;
  }

  /**
   * Judges what has come since, and what could not be judged before if it is time to ask again. May
   * block.
   *
   * @throws KafkaException if it cannot be found out
   */
  void judge() {
    events.unjudged().stream()
        .collect(Collectors.groupingBy(ConsumerRecord::partition))
        .forEach(this::judge);
  }

  private void judge(int partition, List<ConsumerRecord<byte[], byte[]>> unjudged) {
    Long later = unknownUntilNanos.get(partition);
    if (later != null && nanoClock.getAsLong() - later < 0) {
      return;
    }
    try {
      events.judged(unjudged, repeats.among(unjudged));
      unknownUntilNanos.remove(partition);
    } catch (RetriableException e) {
      repeatsUnknown.run();
      if (unknownUntilNanos.put(partition, nanoClock.getAsLong() + UNKNOWN_NANOS) == null) {
        LOG.warn(
            "events of a queue wait for what they may repeat group={} partition={} error={}",
            group,
            partition,
            e.toString());
      }
    } catch (WakeupException e) {
      LOG.trace("queue worker woken up group={}", group);
    }
  }
}
