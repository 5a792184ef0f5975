package io.jimbot.eventbus.gateway.command;

import io.jimbot.eventbus.gateway.telemetry.CommandMetrics;
import io.jimbot.events.v1.CommandRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread {@code commands-tail}: reads the commands topic, all of it, from the oldest
 * command that may still live, for as long as the gateway runs. Owner of the consumer. When the
 * consumer fails, a new one goes on at the same place, after a pause of 100 ms to 2 s. Closed by
 * {@link CommandChannel}; may be closed twice.
 */
final class CommandTail implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(CommandTail.class);
  private static final Duration TICK = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PARTITION_CHECK = Duration.ofSeconds(10);
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  /** A record and where it was. */
  record Read(CommandRecord record, int partition) {}

  /** Told of everything, on the tail's thread. */
  interface Listener {
    /** These come next in the log. */
    void read(List<Read> records);

    /** The place was lost; some of what was read may be read again, and some may be missing. */
    void placeLost();

    /** Some time has passed: a quarter of a second, or some seconds while Kafka is away. */
    void tick();
  }

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String topic;
  private final Duration lookBack;
  private final Clock clock;
  private final Listener listener;
  private final CommandMetrics metrics;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this, "commands-tail");

  /** What to read next; survives the consumer. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  private long pauseMillis = SHORTEST_PAUSE_MILLIS;
  private boolean failing;

  /** Written by the tail's thread, read by whoever closes, only to wake it up. */
  private volatile @Nullable Consumer<byte[], byte[]> current;

  /** Written by the tail's thread, read by whoever looks at the metrics. */
  private volatile long lag;

  /**
   * Does no I/O.
   *
   * @param lookBack how old a record may be to be of interest at the start
   */
  CommandTail(
      Supplier<Consumer<byte[], byte[]>> consumers,
      String topic,
      Duration lookBack,
      Clock clock,
      Listener listener,
      CommandMetrics metrics) {
    this.consumers = consumers;
    this.topic = topic;
    this.lookBack = lookBack;
    this.clock = clock;
    this.listener = listener;
    this.metrics = metrics;
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  long lag() {
    return lag;
  }

  /** Ends the thread; waits for it at most that long. */
  void close(Duration patience) throws InterruptedException {
    stop.countDown();
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    thread.join(Math.max(1, patience.toMillis()));
  }

  @Override
  public void run() {
    try {
      while (stop.getCount() > 0) {
        attempt();
        listener.tick();
        boolean unused = stop.await(pauseMillis, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      LOG.debug("commands tail interrupted");
    }
  }

  /** One consumer's life. */
  private void attempt() throws InterruptedException {
    try {
      Consumer<byte[], byte[]> consumer = consumers.get();
      try {
        current = consumer;
        follow(consumer);
      } finally {
        current = null;
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
      }
    } catch (WakeupException e) {
      LOG.debug("commands tail woken up");
    } catch (InterruptException e) {
      throw new InterruptedException();
    } catch (InvalidOffsetException e) {
      LOG.warn("commands place lost error={}", e.getMessage());
      metrics.tailError();
      next.clear();
      listener.placeLost();
    } catch (KafkaException e) {
      failed(e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("bug: the commands tail threw", e);
      failed(e.getMessage());
    }
  }

  private void failed(@Nullable String why) {
    if (!failing) {
      failing = true;
      LOG.warn("commands not readable error={}", why);
    }
    metrics.tailError();
    pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions = partitions(consumer);
    // If there are none, the gateway makes the topic as soon as it has found Kafka.
    while (!partitions.isEmpty() && stop.getCount() > 0) {
      consumer.assign(partitions);
      for (TopicPartition partition : partitions) {
        consumer.seek(partition, next.computeIfAbsent(partition, p -> beginning(consumer, p)));
      }
      recovered(partitions.size());
      partitions = readUntilThereAreMore(consumer, partitions);
    }
  }

  /** Returns the topic's new partitions, or anything when told to stop. */
  private List<TopicPartition> readUntilThereAreMore(
      Consumer<byte[], byte[]> consumer, List<TopicPartition> known) {
    List<TopicPartition> found = known;
    Instant look = clock.instant().plus(PARTITION_CHECK);
    while (stop.getCount() > 0 && found.size() == known.size()) {
      read(consumer);
      if (clock.instant().isAfter(look)) {
        // Out of the consumer's memory: Kafka is not asked.
        found = partitions(consumer);
        look = clock.instant().plus(PARTITION_CHECK);
      }
    }
    return found;
  }

  private void recovered(int partitions) {
    pauseMillis = SHORTEST_PAUSE_MILLIS;
    if (failing) {
      failing = false;
      LOG.info("commands readable partitions={}", partitions);
    }
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, PATIENCE);
    return found == null
        ? List.of()
        : found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
  }

  private long beginning(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
    // The end first: what comes after this look is wanted in any case.
    long end = consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
    long from = clock.instant().minus(lookBack).toEpochMilli();
    OffsetAndTimestamp found =
        consumer.offsetsForTimes(Map.of(partition, from), PATIENCE).get(partition);
    return found == null ? end : Math.min(end, found.offset());
  }

  private void read(Consumer<byte[], byte[]> consumer) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(TICK);
    List<Read> batch = new ArrayList<>(records.count());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      CommandRecord value = CommandRecords.read(record.value());
      if (value == null) {
        metrics.tailError();
        LOG.debug("no command partition={} offset={}", record.partition(), record.offset());
      } else {
        batch.add(new Read(value, record.partition()));
      }
    }
    if (!batch.isEmpty()) {
      listener.read(batch);
    }
    records.nextOffsets().forEach((partition, offset) -> next.put(partition, offset.offset()));
    lag =
        consumer.assignment().stream()
            .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
            .sum();
    listener.tick();
  }
}
