package io.jimbot.eventbus.gateway.grpc;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ChannelzService;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.gateway.delay.Cancellations;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.ingest.MemoryBudget;
import io.jimbot.eventbus.gateway.ingest.TimingRules;
import io.jimbot.eventbus.gateway.telemetry.GrpcMetrics;
import io.jimbot.events.v1.EventBusGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC server: the bus, health, reflection and channelz. Stopping is two steps: {@link #drain}
 * while everything else still works, then {@link #close}. Thread-safe; whoever made it closes it.
 */
public final class GrpcServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);
  private static final int CHANNELZ_PAGE = 100;
  private static final long HEALTH_CHECK_MILLIS = 250;
  private static final long DRAIN_CHECK_MILLIS = 20;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  /**
   * How long a client may take to answer a ping. Until it is over, one whose machine has vanished
   * is delivered to, and what it does not acknowledge in time has failed once more; gRPC's 20
   * seconds could use up all the attempts that an event has.
   */
  private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(5);

  private final GrpcSettings settings;
  private final Server server;
  private final OpenStreams streams = new OpenStreams();
  private final HealthStatusManager health = new HealthStatusManager();
  private final BooleanSupplier ready;
  private final ScheduledExecutorService timer;

  /**
   * Does no I/O.
   *
   * @param timingRules what may be asked about the time of events
   * @param cancellations take delayed events back
   * @param ready whether events would be taken now; the health service says so
   * @param executor runs the calls; closed by whoever made it, after this
   * @param timer runs short tasks; closed by whoever made it, after this
   */
  public GrpcServer(
      GrpcSettings settings,
      Ingest ingest,
      TimingRules timingRules,
      Cancellations cancellations,
      Subscriptions subscriptions,
      EventCatalogue catalogue,
      BooleanSupplier ready,
      ExecutorService executor,
      ScheduledExecutorService timer,
      GrpcMetrics metrics) {
    this.settings = settings;
    this.ready = ready;
    this.timer = timer;
    Refusals refusals = new Refusals(settings.retryAfter());
    MemoryBudget budget = new MemoryBudget(settings.maxInFlightSize().toBytes());
    metrics.watchInFlightBytes(budget::usedBytes);
    EventBusService bus =
        new EventBusService(
            new Publishing(
                new BudgetedIngest(ingest, budget, metrics),
                catalogue,
                timingRules,
                refusals,
                Clock.systemUTC()),
            subscriptions,
            streams,
            new StreamSurroundings(settings, refusals, timer, metrics),
            new Cancelling(cancellations, refusals),
            catalogue);
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.bindHost(), settings.port()))
            .executor(executor)
            .maxInboundMessageSize((int) settings.maxMessageSize().toBytes())
            .maxConcurrentCallsPerConnection(settings.maxStreamsPerConnection())
            .keepAliveTime(settings.keepaliveTime().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(settings.keepaliveTime().toMillis() / 2, TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .intercept(new Caller.Interceptor(refusals))
            .intercept(new CallMetrics(metrics))
            .addService(bus.definition())
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .addService(ChannelzService.newInstance(CHANNELZ_PAGE))
            .build();
  }

  /**
   * Begins to serve.
   *
   * @throws IOException if the port cannot be had; the message names it
   */
  public void start() throws IOException {
    setHealth(false);
    try {
      server.start();
    } catch (IOException e) {
      throw new IOException(
          "gRPC cannot listen on " + settings.bindHost() + ":" + settings.port() + " (grpc.port)",
          e);
    }
    var unused =
        timer.scheduleWithFixedDelay(
            () -> setHealth(!streams.isDraining() && ready.getAsBoolean()),
            0,
            HEALTH_CHECK_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private void setHealth(boolean serving) {
    ServingStatus status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(EventBusGrpc.SERVICE_NAME, status);
  }

  /** The port that is listened on. */
  public int port() {
    return server.getPort();
  }

  /**
   * Tells every subscriber to go elsewhere, and refuses new ones; returns when all have gone or the
   * drain timeout of the settings is over. Acknowledgements and events are taken meanwhile.
   */
  public void drain() {
    Instant deadline = Instant.now().plus(settings.drainTimeout());
    health.enterTerminalState();
    streams.drain(deadline);
    try {
      while (!streams.isEmpty() && Instant.now().isBefore(deadline)) {
        TimeUnit.MILLISECONDS.sleep(DRAIN_CHECK_MILLIS);
      }
    } catch (InterruptedException e) {
      LOG.debug("in a hurry: subscribers are not waited for");
      Thread.currentThread().interrupt();
    }
    streams.end();
  }

  /** No new calls; those under way have 2 seconds. May be called twice. */
  @Override
  public void close() {
    streams.drain(Instant.now());
    streams.end();
    server.shutdown();
    try {
      if (!server.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.info("gRPC calls are broken off");
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
