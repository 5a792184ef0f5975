package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.kafka.KafkaReadiness;
import io.jimbot.eventbus.service.telemetry.Exposition;
import io.jimbot.eventbus.wire.RegistryState;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Health, readiness, metrics, and what there is. Thread-safe. */
@Path("/")
public final class StatusResource {

  private static final String INDEX =
      """
      {"name":"JimBot Event Bus","version":%s,"endpoints":[\
      "POST /api/v1/events","POST /api/v1/events/batch","GET /api/v1/events/health",\
      "GET /api/v1/events","GET /api/v1/events/stream","DELETE /api/v1/events/{event_id}",\
      "POST /api/v1/commands","GET /api/v1/commands/poll",\
      "GET /api/v1/games","GET /api/v1/games/{id}/state",\
      "GET /api/v1/dead-letters","GET /api/v1/dead-letters/{id}","GET /api/v1/dead-letters/actions",\
      "POST /api/v1/dead-letters/redrive","POST /api/v1/dead-letters/discard",\
      "GET /api/v1/replays","POST /api/v1/replays","GET /api/v1/replays/{id}",\
      "POST /api/v1/schemas/what-if",\
      "GET /health","GET /ready","GET /metrics"]}""";

  private static final int MAX_READERS = 4;
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final Semaphore readers = new Semaphore(MAX_READERS);
  private final String version;
  private final Supplier<KafkaReadiness> readiness;
  private final Supplier<@Nullable RegistryState> registry;
  private final Exposition exposition;
  private final LongSupplier nanoClock;
  private final long startedNanos;
  private final byte[] index;

  /** Counts the uptime from now on. */
  public StatusResource(
      String version,
      Supplier<KafkaReadiness> readiness,
      Supplier<@Nullable RegistryState> registry,
      Exposition exposition,
      LongSupplier nanoClock) {
    this.version = version;
    this.readiness = readiness;
    this.registry = registry;
    this.exposition = exposition;
    this.nanoClock = nanoClock;
    this.startedNanos = nanoClock.getAsLong();
    JsonBytes quoted = new JsonBytes(32).text(version);
    this.index =
        new JsonBytes(512)
            .raw(INDEX.formatted(new String(quoted.toByteArray(), StandardCharsets.US_ASCII)))
            .toByteArray();
  }

  /** What is served. */
  @GET
  public Response index() {
    return json(200, index);
  }

  /** Alive: answers as long as the process can answer at all, whatever Kafka does. */
  @GET
  @Path("health")
  public Response health() {
    long uptimeSeconds = Duration.ofNanos(nanoClock.getAsLong() - startedNanos).toSeconds();
    byte[] body =
        new JsonBytes(96)
            .raw("{\"status\":\"healthy\",\"version\":")
            .text(version)
            .raw(",\"uptime_seconds\":")
            .number(uptimeSeconds)
            .raw("}")
            .toByteArray();
    return json(200, body);
  }

  /** The address where the mod looks. */
  @GET
  @Path("api/v1/events/health")
  public Response eventsHealth() {
    return health();
  }

  /**
   * The mod posts an empty object; the body does not matter, but is read: behind an unread one
   * Jetty ends the connection, and with it the sender's next request. Reading holds a thread, so
   * only a few at a time do; the others are told that the connection ends.
   */
  @POST
  @Path("api/v1/events/health")
  public Response postedEventsHealth(@Nullable InputStream body) {
    if (body == null) {
      return health();
    }
    boolean reads = readers.tryAcquire();
    if (!reads || !isReadToItsEnd(body)) {
      return Response.fromResponse(health()).header("Connection", "close").build();
    }
    return health();
  }

  private boolean isReadToItsEnd(InputStream body) {
    try {
      return body.readNBytes(MAX_BODY_BYTES).length < MAX_BODY_BYTES;
    } catch (IOException e) {
      return false;
    } finally {
      readers.release();
    }
  }

  /**
   * Whether to send events here now. A schema registry that goes away while all its schemas are
   * known keeps no event from being taken, and is told beside.
   */
  @GET
  @Path("ready")
  public Response ready() {
    KafkaReadiness now = readiness.get();
    if (now.ready()) {
      JsonBytes body = new JsonBytes(128).raw("{\"status\":\"ready\"");
      return json(200, withRegistry(body).raw("}").toByteArray());
    }
    JsonBytes body =
        new JsonBytes(256)
            .raw("{\"status\":\"not ready\",\"reason\":")
            .text(now.reason())
            .raw(",\"error\":")
            .text(now.message());
    return json(503, withRegistry(body).raw("}").toByteArray());
  }

  private JsonBytes withRegistry(JsonBytes body) {
    RegistryState now = registry.get();
    if (now == null) {
      return body;
    }
    String status = now.status().name().toLowerCase(Locale.ROOT);
    body.raw(",\"schema_registry\":{\"status\":").text(status);
    if (!now.message().isEmpty()) {
      body.raw(",\"error\":").text(now.message());
    }
    return body.raw("}");
  }

  /** Metrics in the format that the scraper asks for. */
  @GET
  @Path("metrics")
  public Response metrics(@HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept) {
    Exposition.Page page = exposition.render(accept);
    return Response.ok(page.body())
        .header(HttpHeaders.CONTENT_TYPE, page.contentType())
        .header(HttpHeaders.CONTENT_LENGTH, page.body().length)
        .build();
  }

  private static Response json(int status, byte[] body) {
    return Response.status(status).entity(body).type(MediaType.APPLICATION_JSON_TYPE).build();
  }
}
