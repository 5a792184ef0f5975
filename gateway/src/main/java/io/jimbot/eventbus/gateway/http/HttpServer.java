package io.jimbot.eventbus.gateway.http;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.jackson.JacksonFeature;
import io.dropwizard.jetty.MutableServletContextHandler;
import io.dropwizard.metrics.jetty12.InstrumentedConnectionFactory;
import io.dropwizard.metrics.jetty12.InstrumentedQueuedThreadPool;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletRegistration;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.glassfish.jersey.server.ServerProperties;

/**
 * Jetty with one connector, Jersey, and the ingest filter before it. Dropwizard's own server
 * factory is not used: it adds an admin connector, filters and a shutdown hook that this product
 * must not have. Whoever starts it stops it.
 */
public final class HttpServer {

  private static final int MIN_THREADS = 4;
  private static final int THREAD_IDLE_MILLIS = 60_000;
  private static final int JERSEY_BUFFER_BYTES = 64 * 1024;
  private static final int OUTPUT_BUFFER_BYTES = 32 * 1024;

  private final Server server;
  private final ServerConnector connector;
  private final HttpSettings settings;

  /**
   * Builds, does not start. Everything that is to be served must be registered with the environment
   * before.
   */
  public HttpServer(
      Environment environment,
      HttpSettings settings,
      IngestFilter ingest,
      EventStreamServlet eventStreams,
      HttpMetrics metrics) {
    ServletRegistration.Dynamic streams =
        environment.servlets().addServlet("event-stream", eventStreams);
    streams.setAsyncSupported(true);
    streams.addMapping(EventStreamServlet.PATH);
    this.settings = settings;
    this.server = new Server(threads(environment, settings));
    environment.lifecycle().attach(server);
    JsonErrorHandler errors = new JsonErrorHandler();
    server.setErrorHandler(errors);
    // The owner decides what stops first, not a hook of Jetty's.
    server.setStopAtShutdown(false);
    server.setStopTimeout(settings.shutdownTimeout().toMillis());
    this.connector = connector(environment, server, settings);
    server.setConnectors(new Connector[] {connector});
    // Also bounds the queue of the thread pool, which Jetty wants to be boundless in itself.
    server.addBean(new NetworkConnectionLimit(settings.maxConnections(), connector));
    MutableServletContextHandler context = context(environment, ingest, errors);
    context.setServer(server);
    server.setHandler(
        new GracefulHandler(new RequestMetricsHandler(new OriginGuard(context), metrics)));
  }

  private static InstrumentedQueuedThreadPool threads(
      Environment environment, HttpSettings settings) {
    InstrumentedQueuedThreadPool threads =
        new InstrumentedQueuedThreadPool(
            environment.metrics(), settings.maxThreads(), MIN_THREADS, THREAD_IDLE_MILLIS);
    threads.setName("http");
    return threads;
  }

  private static ServerConnector connector(
      Environment environment, Server server, HttpSettings settings) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize((int) settings.maxHeaderSize().toBytes());
    http.setOutputBufferSize(OUTPUT_BUFFER_BYTES);
    http.setOutputAggregationSize(OUTPUT_BUFFER_BYTES);
    InstrumentedConnectionFactory factory =
        new InstrumentedConnectionFactory(
            new HttpConnectionFactory(http), environment.metrics().timer("http.connections"));
    ServerConnector connector = new ServerConnector(server, 1, -1, factory);
    connector.setHost(settings.bindHost());
    connector.setPort(settings.port());
    connector.setIdleTimeout(settings.idleTimeout().toMillis());
    connector.setName("http");
    return connector;
  }

  private static MutableServletContextHandler context(
      Environment environment, IngestFilter ingest, JsonErrorHandler errors) {
    environment.jersey().register(new JacksonFeature(environment.getObjectMapper()));
    environment.jersey().register(new JsonExceptionMapper());
    // Up to that size an answer is sent with its length instead of in chunks, which some clients
    // cannot read.
    environment
        .jersey()
        .property(ServerProperties.OUTBOUND_CONTENT_LENGTH_BUFFER, JERSEY_BUFFER_BYTES);
    FilterRegistration.Dynamic filter = environment.servlets().addFilter("ingest", ingest);
    filter.setAsyncSupported(true);
    List<String> paths =
        Stream.concat(Route.SINGLE_PATHS.stream(), Route.BATCH_PATHS.stream()).toList();
    filter.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST), true, paths.toArray(String[]::new));
    MutableServletContextHandler context = environment.getApplicationContext();
    context.setErrorHandler(errors);
    ServletHolder jersey = new ServletHolder("jersey", environment.getJerseyServletContainer());
    jersey.setAsyncSupported(true);
    context.addServlet(jersey, environment.jersey().getUrlPattern());
    return context;
  }

  /** Listens from now on. */
  public void start() throws Exception {
    server.start();
  }

  /** The port that it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /**
   * Stops accepting, lets requests in flight finish for {@code http.shutdownTimeout}, and ends. May
   * be called twice.
   */
  public void stop() throws Exception {
    server.stop();
  }

  /** How long to say "not ready" before {@link #stop}. */
  public Duration shutdownDelay() {
    return settings.shutdownDelay();
  }
}
