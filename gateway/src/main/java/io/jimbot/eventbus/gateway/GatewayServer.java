package io.jimbot.eventbus.gateway;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.gateway.http.HttpServer;
import io.jimbot.eventbus.gateway.http.IngestFilter;
import io.jimbot.eventbus.gateway.http.StatusResource;
import io.jimbot.eventbus.gateway.ingest.EventIngest;
import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.kafka.KafkaLink;
import io.jimbot.eventbus.gateway.kafka.KafkaReadiness;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import io.jimbot.eventbus.gateway.telemetry.IngestMetrics;
import io.jimbot.eventbus.gateway.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: put together here and nowhere else, in the same way for tests, the standalone
 * program and the command line. Has no shutdown hook: whoever started it closes it. Thread-safe.
 */
public final class GatewayServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);

  private final DefaultLoggingFactory logging;
  private final KafkaLink kafka;
  private final HttpServer http;
  private final ScheduledExecutorService timer;

  /** Set by whoever closes, read by requests for readiness. */
  private final AtomicBoolean closing = new AtomicBoolean();

  private GatewayServer(GatewayConfiguration configuration, IngestFactory ingests) {
    Telemetry telemetry = new Telemetry();
    this.logging =
        LoggingAssembly.configure(configuration.logging(), telemetry.frameworkRegistry());
    this.kafka =
        new KafkaLink(
            configuration.bootstrapServers(),
            configuration.kafkaClient(),
            configuration.topics(),
            configuration.publish(),
            telemetry.registry());
    Ingest ingest = ingests.create(kafka.publisher(), kafka.topics(), telemetry.registry());
    Environment environment = environment(telemetry);
    this.timer =
        environment
            .lifecycle()
            .scheduledExecutorService("http-deadlines-%d")
            .threads(1)
            .removeOnCancelPolicy(true)
            .build();
    HttpMetrics metrics = new HttpMetrics(telemetry.registry());
    IngestFilter filter =
        new IngestFilter(
            ingest,
            configuration.http(),
            metrics,
            timer,
            configuration.publish().deliveryTimeout(),
            Clock.systemUTC());
    environment
        .jersey()
        .register(
            new StatusResource(
                GatewayVersion.read(), this::readiness, telemetry.exposition(), System::nanoTime));
    this.http = new HttpServer(environment, configuration.http(), filter, metrics);
  }

  private static Environment environment(Telemetry telemetry) {
    return new Environment(
        "eventbus-gateway",
        Jackson.newObjectMapper(),
        Validators.newValidatorFactory(),
        telemetry.frameworkRegistry(),
        Objects.requireNonNullElseGet(
            Thread.currentThread().getContextClassLoader(), GatewayServer.class::getClassLoader),
        new HealthCheckRegistry(),
        new Configuration());
  }

  /**
   * Starts a gateway. Returns when HTTP is being answered; whether Kafka is there shows in {@code
   * /ready}.
   *
   * @throws Exception if the port cannot be had
   */
  public static GatewayServer start(GatewayConfiguration configuration) throws Exception {
    EventCatalogue catalogue = EventCatalogue.builtIn();
    return start(
        configuration,
        (publisher, topics, registry) ->
            new EventIngest(
                configuration.ingest(),
                catalogue,
                publisher,
                topics,
                new IngestMetrics(registry, catalogue),
                System::nanoTime));
  }

  /** The same with another ingest. */
  static GatewayServer start(GatewayConfiguration configuration, IngestFactory ingests)
      throws Exception {
    GatewayServer gateway = new GatewayServer(configuration, ingests);
    try {
      gateway.kafka.start();
      gateway.http.start();
    } catch (Exception e) {
      gateway.close();
      throw e;
    }
    LOG.info("gateway started version={} http_port={}", GatewayVersion.read(), gateway.httpPort());
    return gateway;
  }

  /** The port that HTTP is answered on. */
  public int httpPort() {
    return http.port();
  }

  private KafkaReadiness readiness() {
    return closing.get() ? KafkaReadiness.stopping() : kafka.readiness();
  }

  /**
   * Not ready, then no new connections, then requests in flight finish, then records in flight,
   * then the rest. Every step is bounded by its setting. May be called twice.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    LOG.info("gateway stopping");
    waitFor(http.shutdownDelay());
    try {
      http.stop();
    } catch (Exception e) {
      LOG.warn("http server not stopped cleanly", e);
    }
    kafka.close();
    timer.shutdownNow();
    LOG.info("gateway stopped");
    // Waits until the lines are written; others in this JVM may go on logging.
    logging.stop();
  }

  private static void waitFor(Duration time) {
    try {
      boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // In a hurry then; the other steps still follow.
      Thread.currentThread().interrupt();
    }
  }
}
