package io.jimbot.eventbus.processor;

import io.jimbot.eventbus.processor.kafka.Part;
import io.jimbot.eventbus.processor.kafka.PartReadiness;
import io.jimbot.eventbus.processor.kafka.ProcessorTopics;
import io.jimbot.eventbus.wire.RegistryException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one part up: its daemon thread {@code start-<part>} waits for Kafka, provides the topics,
 * starts the part, and ends. While that fails it tries again after a pause that grows up to five
 * seconds. Owner of the part; thread-safe.
 */
final class PartRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PartRunner.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_JOIN = Duration.ofSeconds(15);

  private final Part part;
  private final ProcessorTopics topics;
  private final Supplier<Admin> admins;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /** Why it has not started; null once it has. */
  private volatile @Nullable String trouble = "starting";

  PartRunner(Part part, ProcessorTopics topics, Supplier<Admin> admins) {
    this.part = part;
    this.topics = topics;
    this.admins = admins;
    this.thread = new Thread(this::bringUp, "start-" + part.name());
    thread.setDaemon(true);
  }

  String name() {
    return part.name();
  }

  void start() {
    thread.start();
  }

  PartReadiness readiness() {
    String reason = trouble;
    return reason == null ? part.readiness() : PartReadiness.notReady(reason);
  }

  private void bringUp() {
    Duration pause = FIRST_PAUSE;
    try {
      while (closing.getCount() > 0 && !isStarted()) {
        if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    } catch (InterruptedException e) {
      LOG.debug("start of a part interrupted part={}", part.name());
    }
  }

  private boolean isStarted() throws InterruptedException {
    Optional<String> missing = attempt();
    String before = trouble;
    trouble = missing.orElse(null);
    if (missing.isPresent() && !missing.get().equals(before)) {
      LOG.info("part waits part={} reason={}", part.name(), missing.get());
    }
    return missing.isEmpty();
  }

  /** What is missing for the part; empty when it has been started. */
  private Optional<String> attempt() throws InterruptedException {
    try {
      Optional<String> missing = provide();
      if (missing.isEmpty()) {
        part.start();
        LOG.info("part started part={}", part.name());
      }
      return missing;
    } catch (ExecutionException e) {
      return Optional.of("Kafka does not answer as it should: " + e.getCause());
    } catch (RegistryException e) {
      return Optional.of(e.reason() + ": " + e.getMessage());
    } catch (KafkaException e) {
      return Optional.of("not started: " + e);
    } catch (RuntimeException e) {
      LOG.error("bug: a part did not start part={}", part.name(), e);
      return Optional.of("not started: " + e);
    }
  }

  private Optional<String> provide() throws ExecutionException, InterruptedException {
    Admin admin = admins.get();
    try {
      return topics.provide(admin, part);
    } finally {
      // Not waiting for calls that are not answered.
      admin.close(Duration.ZERO);
    }
  }

  /** Waits for a start that is under way, then stops the part. Bounded; callable twice. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    try {
      thread.join(LONGEST_JOIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    part.close();
  }
}
