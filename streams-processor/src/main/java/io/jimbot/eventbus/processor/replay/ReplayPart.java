package io.jimbot.eventbus.processor.replay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.processor.kafka.KafkaClients;
import io.jimbot.eventbus.processor.kafka.KafkaSettings;
import io.jimbot.eventbus.processor.kafka.Part;
import io.jimbot.eventbus.processor.kafka.PartReadiness;
import io.jimbot.eventbus.processor.kafka.TopicSpec;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Managed replays. Shares the jobs with the other processors and runs its own; what it has done
 * lies in Kafka, so that another one goes on when it stops or dies. Thread-safe.
 */
public final class ReplayPart implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayPart.class);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(15);

  private final ReplaySettings settings;
  private final KafkaTopics topics;
  private final ReplayCrew crew;
  private final ReplayJobs jobs;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private boolean started;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * Does no I/O.
   *
   * @param registry gets the metrics {@code eventbus_replay_*}
   */
  public ReplayPart(KafkaSettings kafka, ReplaySettings settings, PrometheusRegistry registry) {
    this.settings = settings;
    this.topics = kafka.topics();
    Clock clock = Clock.systemUTC();
    ReplayMetrics metrics = new ReplayMetrics(registry);
    ReplayClients clients =
        new ReplayClients(new KafkaClients(kafka), kafka.topicPrefix(), settings);
    ReplayOutputs outputs =
        new ReplayOutputs(
            clients::admin, topics, kafka.replicationFactor(), kafka.minInsyncReplicas());
    AcknowledgedEnds ends = new AcknowledgedEnds(clients::admin);
    ReplayLedger ledger =
        new ReplayLedger(
            clients, ends, topics.replays(), settings.transactionTimeout().plusSeconds(10));
    ReplayWork work =
        new ReplayWork(settings, topics, clients, ends, ledger, outputs, metrics, clock);
    this.crew = new ReplayCrew(settings.maxRunning(), work, metrics);
    this.jobs =
        new ReplayJobs(
            clients::jobsConsumer, topics.replays(), crew, settings.keepFinished(), metrics, clock);
  }

  @Override
  public String name() {
    return "replay";
  }

  @Override
  public List<TopicSpec> ownTopics() {
    return List.of(
        new TopicSpec(topics.replays(), settings.partitions(), ReplayRecords.TOPIC_CONFIG));
  }

  @Override
  public List<String> neededTopics() {
    return List.of(topics.events());
  }

  @Override
  public void start() {
    synchronized (lock) {
      if (!closed) {
        started = true;
        jobs.start();
      }
    }
  }

  @Override
  public PartReadiness readiness() {
    return jobs.isJoined()
        ? PartReadiness.READY
        : PartReadiness.notReady("has no place among the processors that share the replays yet");
  }

  /** Replays under way commit what they have done. */
  @Override
  public void close() {
    boolean wasStarted;
    synchronized (lock) {
      wasStarted = started;
      closed = true;
    }
    if (wasStarted) {
      try {
        jobs.close(CLOSE_PATIENCE);
      } catch (InterruptedException e) {
        LOG.debug("interrupted while the replays end");
        Thread.currentThread().interrupt();
      }
    }
    crew.close();
  }
}
