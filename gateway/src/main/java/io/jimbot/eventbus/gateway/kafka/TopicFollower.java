package io.jimbot.eventbus.gateway.kafka;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a whole topic, all of its partitions, from a starting point on for as long as it is open,
 * and gives each record to a {@link TopicFold}. On a daemon thread of its own, which owns the
 * consumer.
 *
 * <ul>
 *   <li>While the topic is not there it looks every quarter of a second. Partitions that are added
 *       are read some ten seconds after the consumer's metadata have told of them.
 *   <li>When the consumer fails, a new one goes on at the same place, after a pause of 100 ms that
 *       doubles up to 1 s. The first failure of a row is logged, and the recovery.
 *   <li>When the place is not in the topic any more, or the topic has lost partitions, it was made
 *       anew: it begins at the starting point again. A topic that was made anew and has grown
 *       beyond the place before anybody looked is not told from the old one.
 *   <li>So it does when nothing could be read for longer than a place is good for: a compacted
 *       topic has forgotten by then what it had deleted.
 *   <li>A record that the fold throws on is logged as a bug, and passed over.
 * </ul>
 *
 * <p>Thread-safe. Whoever made it closes it.
 */
public final class TopicFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(5);
  private static final Duration CONSUMER_CLOSE_PATIENCE = Duration.ofSeconds(1);
  private static final long CLOSE_PATIENCE_MILLIS = 3_000;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final String topic;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final TopicFold fold;
  private final ReadPositions positions;
  private final Duration placeHolds;
  private final Clock clock;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  private long pauseMillis = SHORTEST_PAUSE_MILLIS;
  private boolean failing;

  /**
   * When the last reading that did not fail began. One that gives nothing since a single leader is
   * away does not fail either: a place ages only while Kafka as a whole is.
   */
  private Instant readAt = Instant.MAX;

  /** Written by the thread, read by whoever closes, only to wake it up. */
  private volatile @Nullable Consumer<byte[], byte[]> current;

  /** Written by the thread, for whoever asks; so are the two below. */
  private volatile int partitions;

  private volatile long lag;
  private volatile boolean caughtUp;

  /**
   * One whose place is good for ever. Does no I/O.
   *
   * @param threadName what the thread is called
   * @param consumers makes a consumer without a group, which resets no offset by itself
   */
  public TopicFollower(
      String threadName,
      String topic,
      StartingPoint start,
      Supplier<Consumer<byte[], byte[]>> consumers,
      TopicFold fold) {
    this(
        threadName,
        topic,
        start,
        consumers,
        fold,
        ChronoUnit.FOREVER.getDuration(),
        Clock.systemUTC());
  }

  /**
   * Does no I/O.
   *
   * @param threadName what the thread is called
   * @param consumers makes a consumer without a group, which resets no offset by itself
   * @param placeHolds how long a place is good for while nothing can be read; for a compacted topic
   *     less than its {@code delete.retention.ms}
   * @param clock tells how long that was; one that counts while the machine sleeps
   */
  public TopicFollower(
      String threadName,
      String topic,
      StartingPoint start,
      Supplier<Consumer<byte[], byte[]>> consumers,
      TopicFold fold,
      Duration placeHolds,
      Clock clock) {
    this.topic = topic;
    this.consumers = consumers;
    this.fold = fold;
    this.placeHolds = placeHolds;
    this.clock = clock;
    this.positions = new ReadPositions(start);
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  /** Starts the thread, and returns. To be called once. */
  public void start() {
    thread.start();
  }

  /** How many partitions the topic has; 0 while that is not known, or the topic is not there. */
  public int partitions() {
    return partitions;
  }

  /** Whether all is read that was there when the topic was found. */
  public boolean isCaughtUp() {
    return caughtUp;
  }

  /** How many records are known to be in the topic and were not read yet. */
  public long lag() {
    return lag;
  }

  /** Ends the thread; waits for it for three seconds at most. May be called twice. */
  @Override
  public void close() {
    stop.countDown();
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(CLOSE_PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isOpen() {
    return stop.getCount() > 0;
  }

  private void run() {
    try {
      while (isOpen()) {
        attempt();
        pause();
      }
    } catch (InterruptedException e) {
      LOG.debug("following interrupted topic={}", topic);
    }
  }

  private void pause() throws InterruptedException {
    boolean unused = stop.await(pauseMillis, TimeUnit.MILLISECONDS);
    pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
  }

  /** One consumer's life, whatever ends it. */
  private void attempt() throws InterruptedException {
    try {
      fold.tick();
      connect();
    } catch (WakeupException e) {
      LOG.debug("following woken up topic={}", topic);
    } catch (InterruptException e) {
      throw new InterruptedException();
    } catch (KafkaException e) {
      failed(e);
    } catch (RuntimeException e) {
      if (!failing) {
        LOG.error("bug: following threw topic={}", topic, e);
      }
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    if (!failing && isOpen()) {
      failing = true;
      LOG.warn("not readable, goes on when it is topic={} error={}", topic, e.toString());
    }
    fold.failed();
  }

  private void connect() throws InterruptedException {
    Consumer<byte[], byte[]> consumer = consumers.get();
    try {
      current = consumer;
      follow(consumer);
    } catch (InvalidOffsetException e) {
      losePlace(e.toString());
    } finally {
      current = null;
      consumer.close(CloseOptions.timeout(CONSUMER_CLOSE_PATIENCE));
    }
  }

  /** Looks whether it is open first: whoever closed it may have had no consumer to wake up. */
  private void follow(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    Set<TopicPartition> known = Set.of();
    while (isOpen()) {
      Set<TopicPartition> found = look(consumer);
      if (!found.equals(known) || !positions.partitions().containsAll(found)) {
        positions.assign(consumer, found, KAFKA_PATIENCE);
        known = found;
      }
      if (found.isEmpty()) {
        fold.tick();
        boolean unused = stop.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
      } else {
        readUntilNextLook(consumer);
      }
    }
  }

  private Set<TopicPartition> look(Consumer<byte[], byte[]> consumer) {
    fold.looking(name -> find(consumer, name).size());
    // Once it is assigned this is out of the consumer's memory: Kafka is not asked.
    Set<TopicPartition> found = find(consumer, topic);
    if (!found.containsAll(positions.partitions())) {
      losePlace("there are partitions no more");
    } else if (!isPlaceGood()) {
      losePlace("nothing was read since " + readAt);
    }
    partitions = found.size();
    return found;
  }

  private static Set<TopicPartition> find(Consumer<byte[], byte[]> consumer, String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, KAFKA_PATIENCE);
    return found == null
        ? Set.of()
        : found.stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .collect(Collectors.toUnmodifiableSet());
  }

  private void losePlace(String why) {
    LOG.warn("place lost topic={} error={}", topic, why);
    positions.forget();
    readAt = Instant.MAX;
    caughtUp = false;
    fold.failed();
    fold.placeLost();
  }

  private boolean isPlaceGood() {
    return Duration.between(readAt, clock.instant()).compareTo(placeHolds) <= 0;
  }

  private void readUntilNextLook(Consumer<byte[], byte[]> consumer) {
    long lookedNanos = System.nanoTime();
    // The machine may sleep in any of these calls, which then goes on as if nothing had been.
    while (isOpen() && isPlaceGood() && System.nanoTime() - lookedNanos < LOOK_NANOS) {
      Instant began = clock.instant();
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      records.forEach(this::read);
      positions.advance(records.nextOffsets());
      readAt = began;
      caughtUp = caughtUp || positions.areCaughtUp();
      lag =
          consumer.assignment().stream()
              .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
              .sum();
      fold.tick();
      recovered();
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      fold.read(record);
    } catch (RuntimeException e) {
      LOG.error(
          "bug: a record could not be taken in topic={} partition={} offset={}",
          topic,
          record.partition(),
          record.offset(),
          e);
      fold.failed();
    }
  }

  private void recovered() {
    pauseMillis = SHORTEST_PAUSE_MILLIS;
    if (failing) {
      failing = false;
      LOG.info("readable again topic={} partitions={}", topic, partitions);
    }
  }
}
