package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.gateway.delivery.history.History;
import io.jimbot.eventbus.gateway.delivery.history.HistoryCursor;
import io.jimbot.eventbus.gateway.delivery.history.HistoryPage;
import io.jimbot.eventbus.gateway.delivery.history.HistoryQuery;
import io.jimbot.eventbus.service.record.StoredEvent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/v1/events}: what the log still holds, a page at a time, as {@code
 * {"events":[…],"next_cursor":…}}; the cursor is absent at the end. Thread-safe; no thread waits.
 */
@Path("/api/v1/events")
public final class HistoryResource {

  private static final Logger LOG = LoggerFactory.getLogger(HistoryResource.class);
  private static final int USUAL_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;
  private static final int RETRY_SECONDS = 1;

  private final History history;
  private final DeliveredJson json;

  /** Reads from a history that its owner starts and closes. */
  public HistoryResource(History history, DeliveredJson json) {
    this.history = history;
    this.json = json;
  }

  /**
   * Answers a page.
   *
   * @param request {@code from}, {@code to} (ISO 8601 or milliseconds since 1970), {@code limit},
   *     {@code cursor}, and the {@link FilterParameters}
   */
  @GET
  public void page(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
    try {
      var unused =
          history
              .read(query(request))
              .thenApply(this::answer)
              .whenComplete(
                  (answer, failure) -> response.resume(failure == null ? answer : failure));
    } catch (InvalidParameter e) {
      response.resume(error(Answer.error(422, "invalid", String.valueOf(e.getMessage()))));
    }
  }

  private static HistoryQuery query(HttpServletRequest request) throws InvalidParameter {
    return new HistoryQuery(
        FilterParameters.read(request),
        time(request, "from", 0),
        time(request, "to", Long.MAX_VALUE),
        limit(request.getParameter("limit")),
        cursor(request.getParameter("cursor")));
  }

  private static long time(HttpServletRequest request, String name, long otherwise)
      throws InvalidParameter {
    String text = request.getParameter(name);
    if (text == null) {
      return otherwise;
    }
    Instant time = FilterParameters.timeOrNull(text);
    if (time == null) {
      throw new InvalidParameter(
          name, "a time in ISO 8601, such as 2026-01-31T12:00:00Z, or milliseconds since 1970");
    }
    return time.toEpochMilli();
  }

  private static int limit(@Nullable String text) throws InvalidParameter {
    if (text == null) {
      return USUAL_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      LOG.debug("limit is no number");
    }
    throw new InvalidParameter("limit", "a number from 1 to " + MAX_LIMIT);
  }

  private static @Nullable HistoryCursor cursor(@Nullable String text) throws InvalidParameter {
    HistoryCursor cursor = text == null ? null : HistoryCursor.read(text);
    if (text != null && cursor == null) {
      throw new InvalidParameter("cursor", "this is no next_cursor of an earlier page");
    }
    return cursor;
  }

  private Response answer(HistoryPage page) {
    SubscriptionFault fault = page.fault();
    if (fault == null) {
      return Response.ok(body(page), MediaType.APPLICATION_JSON_TYPE)
          .header(HttpHeaders.CACHE_CONTROL, "no-store")
          .build();
    }
    return error(
        switch (fault.kind()) {
          case UNAVAILABLE, EXHAUSTED ->
              Answer.error(503, fault.reason(), fault.message(), RETRY_SECONDS);
          case INTERNAL -> Answer.error(500, fault.reason(), fault.message());
          case INVALID, OUT_OF_RANGE, CONFLICT ->
              Answer.error(422, fault.reason(), fault.field() + ": " + fault.message());
        });
  }

  private static Response error(Answer answer) {
    Response.ResponseBuilder response =
        Response.status(answer.status())
            .type(MediaType.APPLICATION_JSON_TYPE)
            .entity(answer.body());
    return answer.retryAfterSeconds() == 0
        ? response.build()
        : response.header(HttpHeaders.RETRY_AFTER, answer.retryAfterSeconds()).build();
  }

  private byte[] body(HistoryPage page) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"events\":[".getBytes(UTF_8));
    boolean first = true;
    for (StoredEvent event : page.events()) {
      byte[] encoded = json.of(event);
      if (encoded != null) {
        if (!first) {
          body.write(',');
        }
        first = false;
        body.writeBytes(encoded);
      }
    }
    body.write(']');
    HistoryCursor cursor = page.cursor();
    if (cursor != null) {
      body.writeBytes((",\"next_cursor\":\"" + cursor.toText() + "\"").getBytes(UTF_8));
    }
    body.write('}');
    return body.toByteArray();
  }
}
