package io.jimbot.eventbus.processor.kafka;

import io.jimbot.eventbus.wire.RegistryException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A part whose work is a topology: runs it exactly once, replaces a thread that fails after a pause
 * that grows, and tells whether it runs. Its threads are Kafka Streams' own, {@code
 * <prefix>-processor-<part>-…}. Thread-safe; whoever starts it closes it.
 */
public final class StreamsPart implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(StreamsPart.class);
  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

  /** After so long without a failure the next one counts as the first again. */
  private static final Duration FORGET_AFTER = Duration.ofMinutes(5);

  private final String name;
  private final List<TopicSpec> ownTopics;
  private final List<String> neededTopics;
  private final StreamsRuntime runtime;
  private final Function<FailedRecords, Topology> topology;
  private final CountDownLatch closing = new CountDownLatch(1);

  private volatile @Nullable KafkaStreams streams;
  private int failuresInARow;
  private long lastFailureNanos;

  /**
   * Does no I/O.
   *
   * @param neededTopics topics that others make, the dead letters' among them
   * @param topology makes the topology; it writes what it cannot process to the failures' topic
   */
  public StreamsPart(
      String name,
      List<TopicSpec> ownTopics,
      List<String> neededTopics,
      StreamsRuntime runtime,
      Function<FailedRecords, Topology> topology) {
    this.name = name;
    this.ownTopics = List.copyOf(ownTopics);
    this.neededTopics = List.copyOf(neededTopics);
    this.runtime = runtime;
    this.topology = topology;
    runtime.metrics().watch(this);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<TopicSpec> ownTopics() {
    return ownTopics;
  }

  @Override
  public List<String> neededTopics() {
    return neededTopics;
  }

  @Override
  public synchronized void start() throws RegistryException {
    if (closing.getCount() == 0) {
      return;
    }
    runtime.values().prepare();
    FailedRecords failures = runtime.failures(name);
    Properties properties =
        new StreamsProperties(runtime.kafka(), runtime.settings()).of(name, failures);
    KafkaStreams started = new KafkaStreams(topology.apply(failures), properties);
    started.setUncaughtExceptionHandler(failure -> threadFailed(failure, failures.refused()));
    started.setStateListener(
        (now, before) -> LOG.info("part state part={} from={} to={}", name, before, now));
    try {
      started.start();
    } catch (RuntimeException e) {
      started.close(Duration.ZERO);
      throw e;
    }
    streams = started;
  }

  /** On the thread that failed, which ends when this returns. */
  private StreamThreadExceptionResponse threadFailed(Throwable failure, RefusedRecords refused) {
    runtime.metrics().threadFailed(name);
    // After a refusal it gets further than before, so that the pauses need not grow.
    Duration pause = refused.takeNews() ? runtime.settings().restartBackoff() : nextBackoff();
    LOG.error("thread failed part={} pause_ms={}", name, pause.toMillis(), failure);
    try {
      boolean unused = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private synchronized Duration nextBackoff() {
    long now = System.nanoTime();
    boolean forgotten = now - lastFailureNanos > FORGET_AFTER.toNanos();
    failuresInARow = forgotten ? 1 : failuresInARow + 1;
    lastFailureNanos = now;
    int doublings = Math.min(failuresInARow - 1, 16);
    Duration pause = runtime.settings().restartBackoff().multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : pause;
  }

  @Override
  public PartReadiness readiness() {
    KafkaStreams running = streams;
    if (running == null) {
      return PartReadiness.notReady("not started");
    }
    KafkaStreams.State state = running.state();
    return state == KafkaStreams.State.RUNNING
        ? PartReadiness.READY
        : PartReadiness.notReady(state.name().toLowerCase(Locale.ROOT));
  }

  double lag() {
    return metric("consumer-fetch-manager-metrics", "records-lag-max", Math::max);
  }

  double stateBytes() {
    return metric("stream-state-metrics", "total-sst-files-size", Double::sum);
  }

  private double metric(String group, String metric, DoubleBinaryOperator combine) {
    KafkaStreams running = streams;
    if (running == null) {
      return 0;
    }
    return running.metrics().values().stream()
        .filter(m -> m.metricName().group().equals(group) && m.metricName().name().equals(metric))
        .map(Metric::metricValue)
        .filter(Number.class::isInstance)
        .mapToDouble(value -> ((Number) value).doubleValue())
        .filter(value -> !Double.isNaN(value))
        .reduce(0, combine);
  }

  /** Commits what is done and leaves; what is not finished by then is done again elsewhere. */
  @Override
  public void close() {
    closing.countDown();
    KafkaStreams running;
    synchronized (this) {
      running = streams;
    }
    if (running != null && !running.close(runtime.settings().closeTimeout())) {
      LOG.warn("part not stopped in time part={} state={}", name, running.state());
    }
  }
}
