package io.jimbot.eventbus.gateway;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.jimbot.eventbus.gateway.command.CommandChannel;
import io.jimbot.eventbus.gateway.command.CommandRequests;
import io.jimbot.eventbus.gateway.command.GamesSeen;
import io.jimbot.eventbus.gateway.delay.DelayedEvents;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.grpc.GrpcServer;
import io.jimbot.eventbus.gateway.http.CancelResource;
import io.jimbot.eventbus.gateway.http.CommandResource;
import io.jimbot.eventbus.gateway.http.DeliveredJson;
import io.jimbot.eventbus.gateway.http.EventStreamServlet;
import io.jimbot.eventbus.gateway.http.HttpServer;
import io.jimbot.eventbus.gateway.http.IngestFilter;
import io.jimbot.eventbus.gateway.http.LaterAnswers;
import io.jimbot.eventbus.gateway.http.StatusResource;
import io.jimbot.eventbus.gateway.ingest.EventIngest;
import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.ingest.TimingRules;
import io.jimbot.eventbus.gateway.kafka.KafkaLink;
import io.jimbot.eventbus.gateway.kafka.KafkaReadiness;
import io.jimbot.eventbus.gateway.kafka.TracedPublisher;
import io.jimbot.eventbus.gateway.telemetry.DelayMetrics;
import io.jimbot.eventbus.gateway.telemetry.GrpcMetrics;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import io.jimbot.eventbus.gateway.telemetry.IngestMetrics;
import io.jimbot.eventbus.gateway.telemetry.Tracing;
import io.jimbot.eventbus.service.catalogue.Catalogue;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.process.ProductVersion;
import io.jimbot.eventbus.service.process.Service;
import io.jimbot.eventbus.service.telemetry.LoggingAssembly;
import io.jimbot.eventbus.service.telemetry.SchemaRegistryMetrics;
import io.jimbot.eventbus.service.telemetry.Telemetry;
import io.jimbot.eventbus.wire.ValueFormat;
import io.jimbot.events.v1.CommandRecord;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Event;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: put together here and nowhere else, in the same way for tests, the standalone
 * program and the command line. Has no shutdown hook: whoever started it closes it. Thread-safe.
 */
public final class GatewayServer implements Service {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);

  private static final int ANSWER_WRITERS = 8;
  private static final int GRPC_THREADS = 8;

  private final DefaultLoggingFactory logging;
  private final ValueFormat values;
  private final KafkaLink kafka;
  private final DelayedEvents delayed;
  private final CommandChannel commands;
  private final GatewayDelivery delivery;
  private final GrpcServer grpc;
  private final Tracing tracing;
  private final EventStreamServlet eventStreams;
  private final HttpServer http;
  private final ScheduledExecutorService timer;

  /** Set by whoever closes, read by requests for readiness. */
  private final AtomicBoolean closing = new AtomicBoolean();

  private GatewayServer(
      GatewayConfiguration configuration,
      Catalogue catalogue,
      GamesSeen games,
      IngestFactory ingests) {
    Telemetry telemetry = new Telemetry();
    this.logging =
        LoggingAssembly.configure(
            configuration.logging(), telemetry.frameworkRegistry(), "eventbus-gateway");
    this.values = valueFormat(configuration);
    SchemaRegistryMetrics.watch(values, telemetry.registry());
    this.kafka =
        new KafkaLink(
            configuration.bootstrapServers(),
            configuration.kafkaClient(),
            configuration.topics(),
            configuration.publish(),
            values,
            telemetry.registry());
    this.tracing = Tracing.of(configuration.tracing());
    Environment environment = GatewayEnvironment.of(telemetry);
    this.timer =
        environment
            .lifecycle()
            .scheduledExecutorService("http-deadlines-%d")
            .threads(1)
            .removeOnCancelPolicy(true)
            .build();
    this.delayed =
        new DelayedEvents(
            configuration.delay(),
            kafka.topics(),
            kafka.publisher(),
            () -> kafka.newTailConsumer("eventbus-gateway-delayed"),
            timer,
            new DelayMetrics(telemetry.registry()));
    Ingest ingest =
        ingests.create(
            TracedPublisher.around(delayed.publisher(), tracing),
            kafka.topics(),
            telemetry.registry(),
            tracing);
    this.commands =
        new CommandChannel(
            configuration.commands(),
            kafka.topics().commands(),
            kafka.publisher(),
            () -> kafka.newTailConsumer("eventbus-gateway-commands"),
            games,
            timer,
            telemetry.registry());
    this.delivery =
        new GatewayDelivery(
            configuration, catalogue.upcasters(), kafka, tracing, telemetry.registry());
    Subscriptions subscriptions = delivery.subscriptions();
    TimingRules timingRules = new TimingRules(configuration.ingest().maxDelay());
    this.grpc =
        new GrpcServer(
            configuration.grpc(),
            ingest,
            timingRules,
            delayed.cancellations(),
            subscriptions,
            catalogue.events(),
            () -> readiness().ready(),
            grpcExecutor(environment),
            timer,
            new GrpcMetrics(telemetry.registry()));
    HttpMetrics metrics = new HttpMetrics(telemetry.registry());
    DeliveredJson json = new DeliveredJson(metrics);
    IngestFilter filter =
        new IngestFilter(
            ingest,
            configuration.http(),
            timingRules,
            metrics,
            timer,
            configuration.publish().deliveryTimeout(),
            Clock.systemUTC());
    environment
        .jersey()
        .register(
            new StatusResource(
                ProductVersion.read(),
                this::readiness,
                values::registry,
                telemetry.exposition(),
                System::nanoTime));
    LaterAnswers answers =
        new LaterAnswers(
            answerWriters(environment), timer, configuration.http().writeTimeout(), metrics);
    environment
        .jersey()
        .register(
            new CommandResource(
                commands.commands(),
                new CommandRequests(configuration.commands()),
                configuration.http(),
                answers));
    delivery.register(environment.jersey(), json, answers);
    DeadLetterWiring.register(
        kafka,
        configuration.topics().deadLetters().retention(),
        environment,
        configuration.http(),
        answers);
    SchemaWiring.register(kafka, environment, configuration.http(), answers);
    environment.jersey().register(new CancelResource(delayed.cancellations(), answers));
    this.eventStreams =
        new EventStreamServlet(
            subscriptions, configuration.delivery().eventStream(), timer, json, metrics);
    this.http = new HttpServer(environment, configuration.http(), filter, eventStreams, metrics);
  }

  private static ValueFormat valueFormat(GatewayConfiguration configuration) {
    KafkaTopics topics = configuration.topics().names();
    return ValueFormat.of(
        configuration.schemaRegistry(),
        Map.of(
            topics.events(), Event.getDefaultInstance(),
            topics.deadLetters(), DeadLetter.getDefaultInstance(),
            topics.commands(), CommandRecord.getDefaultInstance()));
  }

  /** Calls that are to run wait here; the streams of a connection are bounded, so is this. */
  private static ExecutorService grpcExecutor(Environment environment) {
    return environment
        .lifecycle()
        .executorService("grpc-%d")
        .minThreads(GRPC_THREADS)
        .maxThreads(GRPC_THREADS)
        .build();
  }

  /** What waits here is bounded by the connections. */
  private static ExecutorService answerWriters(Environment environment) {
    return environment
        .lifecycle()
        .executorService("http-answers-%d")
        .minThreads(ANSWER_WRITERS)
        .maxThreads(ANSWER_WRITERS)
        .build();
  }

  /**
   * Starts a gateway. Returns when HTTP is being answered; whether Kafka is there shows in {@code
   * /ready}.
   *
   * @throws Exception if the port cannot be had, or the user's catalogue is not usable
   */
  public static GatewayServer start(GatewayConfiguration configuration) throws Exception {
    Catalogue catalogue = Catalogue.load(configuration.catalogueFile());
    GamesSeen games = new GamesSeen(configuration.commands(), System::nanoTime);
    return start(
        configuration,
        catalogue,
        games,
        (publisher, topics, registry, traces) ->
            new EventIngest(
                configuration.ingest(),
                catalogue.events(),
                publisher,
                topics,
                new IngestMetrics(registry, catalogue.events()),
                games::seen,
                traces,
                System::nanoTime));
  }

  /** The same with another ingest. */
  static GatewayServer start(GatewayConfiguration configuration, IngestFactory ingests)
      throws Exception {
    GamesSeen games = new GamesSeen(configuration.commands(), System::nanoTime);
    return start(configuration, Catalogue.builtIn(), games, ingests);
  }

  private static GatewayServer start(
      GatewayConfiguration configuration,
      Catalogue catalogue,
      GamesSeen games,
      IngestFactory ingests)
      throws Exception {
    GatewayServer gateway = new GatewayServer(configuration, catalogue, games, ingests);
    try {
      gateway.values.start();
      gateway.kafka.start();
      gateway.delayed.start();
      gateway.commands.start();
      gateway.delivery.start();
      gateway.grpc.start();
      gateway.http.start();
    } catch (Exception e) {
      gateway.close(Duration.ZERO);
      throw e;
    }
    LOG.info(
        "gateway started version={} http_port={} grpc_port={}",
        ProductVersion.read(),
        gateway.httpPort(),
        gateway.grpcPort());
    return gateway;
  }

  /** The port that HTTP is answered on. */
  public int httpPort() {
    return http.port();
  }

  /** The port that gRPC is answered on. */
  public int grpcPort() {
    return grpc.port();
  }

  /**
   * Waits until events are taken in for the first time, that is until Kafka is there.
   *
   * @return whether they are; false if the time is over
   */
  public boolean awaitReady(Duration patience) throws InterruptedException {
    return kafka.awaitReached(patience);
  }

  private KafkaReadiness readiness() {
    return closing.get() ? KafkaReadiness.stopping() : kafka.readiness();
  }

  /**
   * Not ready, then subscribers are told to go elsewhere, then no new connections, then requests in
   * flight finish, then records in flight, then the rest. Every step is bounded by its setting. May
   * be called twice.
   */
  @Override
  public void close() {
    close(http.shutdownDelay());
  }

  private void close(Duration shutdownDelay) {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    LOG.info("gateway stopping");
    waitFor(shutdownDelay);
    eventStreams.drain();
    grpc.drain();
    // Before HTTP, whose end is that of the threads that run the calls.
    grpc.close();
    try {
      http.stop();
    } catch (Exception e) {
      LOG.warn("http server not stopped cleanly", e);
    }
    delivery.close();
    delayed.close();
    commands.close();
    kafka.close();
    values.close();
    tracing.close();
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
