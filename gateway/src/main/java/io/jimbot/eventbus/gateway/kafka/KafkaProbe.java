package io.jimbot.eventbus.gateway.kafka;

import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Unavailable;
import io.jimbot.eventbus.wire.RegistryException;
import io.jimbot.eventbus.wire.ValueFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread {@code kafka-probe}: watches the age of unanswered records, and while the
 * breaker is open asks Kafka whether it is there, makes the topics, and makes or replaces the
 * producer. Owner of the admin client, which lives only while the breaker is open. Closed by {@link
 * KafkaLink}; may be closed twice.
 */
final class KafkaProbe implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaProbe.class);
  private static final Duration TICK = Duration.ofMillis(50);

  /**
   * Kafka answers the probe and yet that many trials brought nothing: the producer itself is
   * broken.
   */
  private static final int TRIALS_OF_A_PRODUCER = 3;

  /** The same for one that does not get to know the topics: some seconds' worth of looks. */
  private static final int COLD_LOOKS_OF_A_PRODUCER = 60;

  private final ProduceBreaker breaker;
  private final InFlightRecords inFlight;
  private final KafkaPublisher publisher;
  private final TopicProvisioner provisioner;
  private final List<String> topics;
  private final ValueFormat values;
  private final Supplier<Admin> admins;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final LongSupplier nanoClock;
  private final long intervalNanos;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this, "kafka-probe");

  private @Nullable Admin admin;
  private long nextProbeNanos;
  private int coldLooks;

  KafkaProbe(
      ProduceBreaker breaker,
      InFlightRecords inFlight,
      KafkaPublisher publisher,
      TopicSettings topics,
      ValueFormat values,
      Supplier<Admin> admins,
      Supplier<Producer<byte[], byte[]>> producers,
      LongSupplier nanoClock,
      Duration interval) {
    this.breaker = breaker;
    this.inFlight = inFlight;
    this.publisher = publisher;
    this.provisioner = new TopicProvisioner(TopicSpec.of(topics));
    this.topics = topics.names().ofGateway();
    this.values = values;
    this.admins = admins;
    this.producers = producers;
    this.nanoClock = nanoClock;
    this.intervalNanos = interval.toNanos();
    this.nextProbeNanos = nanoClock.getAsLong();
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends the thread; waits for it at most that long. */
  void close(Duration patience) throws InterruptedException {
    stop.countDown();
    thread.interrupt();
    thread.join(Math.max(1, patience.toMillis()));
  }

  @Override
  public void run() {
    try {
      while (!stop.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
        tick();
      }
    } catch (InterruptedException e) {
      LOG.debug("probe interrupted");
    } finally {
      closeAdmin();
    }
  }

  private void tick() throws InterruptedException {
    breaker.checkStall(inFlight.oldestNanos(nanoClock.getAsLong()));
    if (!breaker.wantsProbe()) {
      closeAdmin();
    } else if (nanoClock.getAsLong() - nextProbeNanos >= 0) {
      probe();
    }
  }

  private void probe() throws InterruptedException {
    long pauseNanos = intervalNanos;
    try {
      Optional<Unavailable> trouble = look();
      trouble.ifPresentOrElse(breaker::unreachable, breaker::reachable);
      if (trouble.isPresent() && trouble.get().reason().equals("starting")) {
        // Kafka is there, and only its answers are under way: a matter of milliseconds.
        pauseNanos = Math.min(intervalNanos, TICK.toNanos());
      }
    } catch (KafkaException e) {
      // Also the constructors: they fail while the bootstrap host's name does not resolve.
      breaker.unreachable(new Unavailable("kafka_unreachable", describe(e)));
      closeAdmin();
    } catch (RuntimeException e) {
      LOG.error("bug: the probe threw", e);
      breaker.unreachable(new Unavailable("kafka_error", describe(e)));
    }
    nextProbeNanos = nanoClock.getAsLong() + pauseNanos;
  }

  /** What is missing, or nothing. */
  private Optional<Unavailable> look() throws InterruptedException {
    if (admin == null) {
      admin = admins.get();
    }
    Optional<Unavailable> trouble = provisioner.provision(admin).or(this::withoutSchemas);
    return trouble.isPresent() ? trouble : warm(usableProducer());
  }

  /** Before there is a producer: it must not be given a record that it cannot write. */
  private Optional<Unavailable> withoutSchemas() {
    try {
      values.prepare();
      return Optional.empty();
    } catch (RegistryException e) {
      return Optional.of(new Unavailable(e.reason(), String.valueOf(e.getMessage())));
    }
  }

  private Producer<byte[], byte[]> usableProducer() {
    Producer<byte[], byte[]> current = publisher.producer();
    boolean useless =
        breaker.failedTrials() >= TRIALS_OF_A_PRODUCER || coldLooks >= COLD_LOOKS_OF_A_PRODUCER;
    if (current != null && useless) {
      LOG.warn(
          "producer replaced failed_trials={} cold_looks={}", breaker.failedTrials(), coldLooks);
      publisher.use(null);
      // What it still holds fails now, through its callbacks.
      current.close(Duration.ZERO);
      current = null;
    }
    if (current == null) {
      current = producers.get();
      publisher.use(current);
      breaker.forgetTrials();
      coldLooks = 0;
    }
    return current;
  }

  /** Asks for each topic's metadata without waiting: the producer fetches it meanwhile. */
  private Optional<Unavailable> warm(Producer<byte[], byte[]> producer) {
    boolean cold = false;
    for (String topic : topics) {
      try {
        producer.partitionsFor(topic);
      } catch (TimeoutException e) {
        cold = true;
      }
    }
    coldLooks = cold ? coldLooks + 1 : 0;
    return cold
        ? Optional.of(new Unavailable("starting", "the producer is fetching the topics' metadata"))
        : Optional.empty();
  }

  private void closeAdmin() {
    if (admin != null) {
      admin.close(Duration.ZERO);
      admin = null;
    }
  }

  private static String describe(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
  }
}
