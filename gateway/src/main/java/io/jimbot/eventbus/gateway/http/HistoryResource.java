package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.gateway.delivery.CurrentEvents;
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
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/events}: what was kept, a page at a time, as {@code
 * {"events":[…],"next_cursor":…}}; the cursor is absent at the end. Thread-safe; no thread waits.
 */
@Path("/api/v1/events")
public final class HistoryResource {

  private static final int USUAL_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;
  private static final int RETRY_SECONDS = 1;

  private final History history;
  private final CurrentEvents currentEvents;
  private final DeliveredJson json;
  private final LaterAnswers answers;

  /** Pages that are read, or wait for their client to take them. */
  private final Semaphore pages;

  /**
   * Reads from a history that its owner starts and closes.
   *
   * @param maxPages how many pages may be in memory at a time; beyond it requests are refused
   */
  public HistoryResource(
      History history,
      int maxPages,
      CurrentEvents currentEvents,
      DeliveredJson json,
      LaterAnswers answers) {
    this.history = history;
    this.currentEvents = currentEvents;
    this.pages = new Semaphore(maxPages);
    this.json = json;
    this.answers = answers;
  }

  /**
   * Answers a page.
   *
   * @param request {@code from}, {@code to} (ISO 8601 or milliseconds since 1970), {@code limit},
   *     {@code cursor}, {@code version} (stored or current), and the {@link FilterParameters}
   */
  @GET
  public void page(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
    HistoryQuery query;
    boolean current;
    try {
      query = query(request);
      current = VersionParameter.isCurrent(request);
    } catch (InvalidParameter e) {
      response.resume(JsonResponse.of(e.answer()));
      return;
    }
    if (!pages.tryAcquire()) {
      response.resume(
          JsonResponse.of(
              Answer.error(503, "busy", "too many requests for history wait", RETRY_SECONDS)));
      return;
    }
    var unused =
        answers
            .send(response, history.read(query), page -> answer(page, current))
            .whenComplete((sent, failure) -> pages.release());
  }

  private static HistoryQuery query(HttpServletRequest request) throws InvalidParameter {
    return new HistoryQuery(
        FilterParameters.read(request),
        time(request, "from", 0),
        time(request, "to", Long.MAX_VALUE),
        FilterParameters.limit(request.getParameter("limit"), USUAL_LIMIT, MAX_LIMIT),
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

  private static @Nullable HistoryCursor cursor(@Nullable String text) throws InvalidParameter {
    HistoryCursor cursor = text == null ? null : HistoryCursor.read(text);
    if (text != null && cursor == null) {
      throw new InvalidParameter("cursor", "this is no next_cursor of an earlier page");
    }
    return cursor;
  }

  private Response answer(HistoryPage page, boolean current) {
    SubscriptionFault fault = page.fault();
    if (fault == null) {
      return JsonResponse.of(200, body(page, current));
    }
    return JsonResponse.of(
        switch (fault.kind()) {
          case UNAVAILABLE, EXHAUSTED ->
              Answer.error(503, fault.reason(), fault.message(), RETRY_SECONDS);
          case INTERNAL -> Answer.error(500, fault.reason(), fault.message());
          case INVALID, OUT_OF_RANGE, CONFLICT ->
              Answer.error(422, fault.reason(), fault.field() + ": " + fault.message());
        });
  }

  private byte[] body(HistoryPage page, boolean current) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"events\":[".getBytes(UTF_8));
    boolean first = true;
    for (StoredEvent event : page.events()) {
      byte[] encoded = json.of(current ? currentEvents.of(event) : event);
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
