package io.jimbot.eventbus.processor.replay;

import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayBoard;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread {@code replay-jobs}: shares the partitions of the replays topic with other
 * processors, and sees to it that what is to be done for the replays in its own is done. When the
 * consumer fails, a new one joins again; the runs go on meanwhile. Closed by its owner; may be
 * closed twice.
 */
final class ReplayJobs implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayJobs.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 500;

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String topic;
  private final ReplayCrew crew;
  private final Duration keepFinished;
  private final ReplayMetrics metrics;
  private final Clock clock;
  private final ReplayBoard board = new ReplayBoard();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this, "replay-jobs");

  /** Partitions of ours; changed by the thread only. */
  private final Set<Integer> owned = ConcurrentHashMap.newKeySet();

  private boolean failing;

  /** Written by the thread, read by whoever closes, only to wake it up. */
  private volatile @Nullable Consumer<byte[], byte[]> current;

  /** Written by the thread, read for the readiness: it has a place in the group. */
  private volatile boolean joined;

  ReplayJobs(
      Supplier<Consumer<byte[], byte[]>> consumers,
      String topic,
      ReplayCrew crew,
      Duration keepFinished,
      ReplayMetrics metrics,
      Clock clock) {
    this.consumers = consumers;
    this.topic = topic;
    this.crew = crew;
    this.keepFinished = keepFinished;
    this.metrics = metrics;
    this.clock = clock;
    thread.setDaemon(true);
    metrics.watch(crew::size, this::countByState);
  }

  private Map<String, Long> countByState() {
    return board.all().stream()
        .collect(Collectors.groupingBy(replay -> replay.state().word(), Collectors.counting()));
  }

  void start() {
    thread.start();
  }

  boolean isJoined() {
    return joined;
  }

  /** Ends the thread, whose runs commit what they have done; waits at most that long. */
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
        boolean unused = stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      LOG.debug("replay jobs interrupted");
    }
  }

  private void attempt() throws InterruptedException {
    Consumer<byte[], byte[]> consumer = null;
    try {
      consumer = consumers.get();
      current = consumer;
      consumer.subscribe(List.of(topic), new Shares(consumer));
      while (stop.getCount() > 0) {
        turn(consumer);
      }
    } catch (WakeupException e) {
      LOG.trace("replay jobs woken up");
    } catch (KafkaException e) {
      if (!failing) {
        failing = true;
        metrics.outage();
        LOG.warn("replay jobs interrupted, go on when Kafka is back error={}", e.toString());
      }
    } finally {
      current = null;
      joined = false;
      if (consumer != null) {
        leave(consumer);
      }
    }
  }

  private void leave(Consumer<byte[], byte[]> consumer) {
    // Before others get them: then there is nothing to fence.
    crew.leave(Set.copyOf(owned), LEAVE_PATIENCE);
    try {
      consumer.close(CloseOptions.timeout(LEAVE_PATIENCE));
    } catch (KafkaException e) {
      LOG.debug("replay jobs did not leave cleanly error={}", e.toString());
    }
    Set.copyOf(owned).forEach(this::forget);
  }

  private void turn(Consumer<byte[], byte[]> consumer) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      if (!board.add(record)) {
        LOG.warn("no replay partition={} offset={}", record.partition(), record.offset());
      }
    }
    joined = consumer.groupMetadata().generationId() > 0;
    failing = failing && !joined;
    for (Replay replay : board.all()) {
      crew.wish(replay);
      Duty duty = Duty.of(replay, clock.instant(), keepFinished);
      if (duty != Duty.NONE && owned.contains(replay.partition())) {
        crew.send(replay, duty);
      }
    }
  }

  private void forget(int partition) {
    owned.remove(partition);
    board.forget(partition);
  }

  /** Gains and losses of partitions; called within poll and close, on the thread. */
  private final class Shares implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;

    Shares(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> gained) {
      gained.forEach(partition -> owned.add(partition.partition()));
      consumer.seekToBeginning(gained);
      if (!gained.isEmpty()) {
        LOG.info("replay jobs gained partitions={}", numbers(gained));
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> lost) {
      crew.leave(numbers(lost), LEAVE_PATIENCE);
      numbers(lost).forEach(ReplayJobs.this::forget);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      onPartitionsRevoked(lost);
    }

    private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
      Set<Integer> numbers = new HashSet<>();
      partitions.forEach(partition -> numbers.add(partition.partition()));
      return numbers;
    }
  }
}
