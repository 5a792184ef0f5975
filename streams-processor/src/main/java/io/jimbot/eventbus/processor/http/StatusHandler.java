package io.jimbot.eventbus.processor.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jimbot.eventbus.processor.kafka.PartReadiness;
import io.jimbot.eventbus.service.telemetry.Exposition;
import io.jimbot.eventbus.wire.RegistryState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** {@code /health}, {@code /ready}, {@code /metrics}. Thread-safe. */
public final class StatusHandler extends Handler.Abstract {

  private static final String JSON = "application/json";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;

  private final ObjectMapper mapper = new ObjectMapper();
  private final String version;
  private final Supplier<Map<String, PartReadiness>> readiness;
  private final Supplier<@Nullable RegistryState> registry;
  private final Exposition exposition;
  private final LongSupplier nanoClock;
  private final long startedNanos;

  /**
   * Counts the uptime from now on.
   *
   * @param readiness of each part, by its name
   * @param registry how the schema registry is; null if none is configured
   */
  public StatusHandler(
      String version,
      Supplier<Map<String, PartReadiness>> readiness,
      Supplier<@Nullable RegistryState> registry,
      Exposition exposition,
      LongSupplier nanoClock) {
    this.version = version;
    this.readiness = readiness;
    this.registry = registry;
    this.exposition = exposition;
    this.nanoClock = nanoClock;
    this.startedNanos = nanoClock.getAsLong();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!HttpMethod.GET.is(request.getMethod())) {
      answer(response, NOT_ALLOWED, error("only GET is served"), callback);
      return true;
    }
    switch (Request.getPathInContext(request)) {
      case "/health" -> answer(response, OK, health(), callback);
      case "/ready" -> ready(response, callback);
      case "/metrics" -> metrics(request, response, callback);
      default ->
          answer(response, NOT_FOUND, error("there is /health, /ready and /metrics"), callback);
    }
    return true;
  }

  private ObjectNode health() {
    long uptimeSeconds = Duration.ofNanos(nanoClock.getAsLong() - startedNanos).toSeconds();
    return mapper
        .createObjectNode()
        .put("status", "healthy")
        .put("version", version)
        .put("uptime_seconds", uptimeSeconds);
  }

  private void ready(Response response, Callback callback) {
    Map<String, PartReadiness> parts = readiness.get();
    boolean ready = parts.values().stream().allMatch(PartReadiness::ready);
    ObjectNode body = mapper.createObjectNode().put("status", ready ? "ready" : "not ready");
    ObjectNode each = body.putObject("parts");
    parts.forEach((name, part) -> each.put(name, part.ready() ? "ready" : part.reason()));
    addRegistry(body);
    answer(response, ready ? OK : UNAVAILABLE, body, callback);
  }

  /** Beside the rest: one that goes away while all its schemas are known stops nothing. */
  private void addRegistry(ObjectNode body) {
    RegistryState now = registry.get();
    if (now != null) {
      ObjectNode told = body.putObject("schema_registry");
      told.put("status", now.status().name().toLowerCase(Locale.ROOT));
      if (!now.message().isEmpty()) {
        told.put("error", now.message());
      }
    }
  }

  private void metrics(Request request, Response response, Callback callback) {
    Exposition.Page page = exposition.render(request.getHeaders().get(HttpHeader.ACCEPT));
    write(response, OK, page.contentType(), page.body(), callback);
  }

  private ObjectNode error(String message) {
    return mapper.createObjectNode().put("status", "error").put("error", message);
  }

  private static void answer(Response response, int status, ObjectNode body, Callback callback) {
    write(response, status, JSON, body.toString().getBytes(UTF_8), callback);
  }

  private static void write(
      Response response, int status, String contentType, byte[] body, Callback callback) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
