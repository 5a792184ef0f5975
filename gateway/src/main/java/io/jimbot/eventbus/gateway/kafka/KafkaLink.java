package io.jimbot.eventbus.gateway.kafka;

import io.jimbot.eventbus.gateway.kafka.PublishOutcome.Unavailable;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.wire.ValueFormat;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's connection to Kafka: puts the publisher, its breaker and the probe together and
 * owns their life.
 *
 * <p>The constructor does no I/O, and {@link #start} does not wait: whether Kafka is there shows in
 * {@link #readiness}. Thread-safe; whoever made it closes it, after the transports have stopped
 * taking requests.
 */
public final class KafkaLink implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaLink.class);

  private final CountDownLatch reached = new CountDownLatch(1);
  private final PublishSettings settings;
  private final KafkaTopics topics;
  private final ProduceBreaker breaker;
  private final KafkaPublisher publisher;
  private final KafkaProbe probe;
  private final ClientProperties properties;

  /**
   * Does no I/O.
   *
   * @param bootstrapServers comma-separated {@code host:port}
   * @param clientProperties what the operator adds for every Kafka client
   * @param values in which form values are written; its owner starts and closes it
   * @param registry gets the metrics {@code eventbus_publish_*}, {@code eventbus_producer_*},
   *     {@code eventbus_kafka_*}
   */
  public KafkaLink(
      String bootstrapServers,
      Map<String, String> clientProperties,
      TopicSettings topics,
      PublishSettings settings,
      ValueFormat values,
      PrometheusRegistry registry) {
    this.settings = settings;
    this.topics = topics.names();
    LongSupplier nanoClock = System::nanoTime;
    InFlightRecords inFlight = new InFlightRecords(settings.deliveryTimeout());
    PublishMetrics metrics = new PublishMetrics(registry);
    this.breaker =
        new ProduceBreaker(
            nanoClock,
            settings.stallThreshold(),
            (from, to, why) -> {
              if (to == ProduceBreaker.State.TRIAL) {
                reached.countDown();
              }
              metrics.transition(to);
              logTransition(from, to, why);
            });
    this.publisher = new KafkaPublisher(breaker, inFlight, nanoClock);
    metrics.watch(inFlight, breaker, publisher::producer);
    this.properties = new ClientProperties(bootstrapServers, Map.copyOf(clientProperties));
    this.probe =
        new KafkaProbe(
            breaker,
            inFlight,
            publisher,
            topics,
            values,
            () -> Admin.create(properties.admin("eventbus-gateway-probe", settings)),
            () -> newProducer(properties.producer(settings), values),
            nanoClock,
            settings.probeInterval());
  }

  private static Producer<byte[], byte[]> newProducer(
      Map<String, Object> properties, ValueFormat values) {
    return new KafkaProducer<>(properties, new ByteArraySerializer(), values.serializer());
  }

  private static void logTransition(
      ProduceBreaker.State from, ProduceBreaker.State to, @Nullable Unavailable why) {
    if (why == null || to == ProduceBreaker.State.STOPPED) {
      LOG.info("kafka state from={} to={}", from, to);
    } else {
      LOG.warn(
          "kafka state from={} to={} reason={} message={}", from, to, why.reason(), why.message());
    }
  }

  /** Starts the probe's thread, and returns. */
  public void start() {
    probe.start();
  }

  /**
   * Waits until records are taken for the first time.
   *
   * @return whether they are; false if the time is over
   */
  public boolean awaitReached(Duration patience) throws InterruptedException {
    return reached.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Where records go. */
  public Publisher publisher() {
    return publisher;
  }

  /**
   * Makes a consumer without a group, which reads what it is told to and loses no place silently.
   * Whoever calls closes it.
   *
   * @throws KafkaException if the bootstrap servers' names do not resolve
   */
  public Consumer<byte[], byte[]> newTailConsumer(String clientId) {
    return new KafkaConsumer<>(
        properties.tail(clientId, settings),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /**
   * The same for a consumer that reads now here, now there: it wastes no time at the log's end, and
   * should not stay there, where it asks Kafka without a pause.
   *
   * @throws KafkaException if the bootstrap servers' names do not resolve
   */
  public Consumer<byte[], byte[]> newSeekingConsumer(String clientId) {
    return new KafkaConsumer<>(
        properties.seeking(clientId, settings),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /**
   * Makes a member of a consumer group, of the protocol in which the broker assigns the partitions.
   * It commits nothing by itself. Whoever calls closes it.
   *
   * @param fetchBytes how many bytes of records it fetches ahead from a broker, at most
   * @throws KafkaException if the bootstrap servers' names do not resolve
   */
  public Consumer<byte[], byte[]> newGroupConsumer(String clientId, String group, long fetchBytes) {
    return new KafkaConsumer<>(
        properties.group(clientId, group, fetchBytes, settings),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /**
   * Makes a member of a share group, which acknowledges each record itself. Whoever calls closes
   * it.
   *
   * @param batch how many records one poll gives at most
   * @param fetchBytes how many bytes these have, unless a single batch of the log has more
   * @throws KafkaException if the bootstrap servers' names do not resolve
   */
  public ShareConsumer<byte[], byte[]> newShareConsumer(
      String clientId, String group, int batch, long fetchBytes) {
    return new KafkaShareConsumer<>(
        properties.share(clientId, group, batch, fetchBytes, settings),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /**
   * Makes an admin client. Whoever calls closes it.
   *
   * @throws KafkaException if the bootstrap servers' names do not resolve
   */
  public Admin newAdmin(String clientId) {
    return Admin.create(properties.admin(clientId, settings));
  }

  /** The topics that {@link #start} provides. */
  public KafkaTopics topics() {
    return topics;
  }

  /** Whether records would be taken now. Cheap. */
  public KafkaReadiness readiness() {
    Unavailable refusal = breaker.refusal();
    return refusal == null ? KafkaReadiness.READY : KafkaReadiness.notReady(refusal);
  }

  /**
   * Refuses new records, gives those in flight the time of {@code publish.closeTimeout}, and
   * closes. May be called twice.
   */
  @Override
  public void close() {
    breaker.stop();
    try {
      // Before the producer: the probe might make a new one.
      probe.close(settings.requestTimeout().plus(Duration.ofSeconds(1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Producer<byte[], byte[]> producer = publisher.producer();
    if (producer != null) {
      publisher.use(null);
      try {
        producer.close(settings.closeTimeout());
      } catch (KafkaException e) {
        LOG.warn("producer not closed in time error={}", e.getMessage());
      }
    }
  }
}
