package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;

/** Reads what a reader of server-sent events asks for. */
final class EventStreamRequest {

  private EventStreamRequest() {}

  /**
   * Reads the {@link FilterParameters}, {@code start}, {@code deduplicate}, {@code version}, and
   * the header {@code Last-Event-ID}, which browsers send when they connect again.
   *
   * @throws InvalidParameter if one of them makes no sense
   */
  static SubscriptionRequest read(HttpServletRequest request) throws InvalidParameter {
    return new SubscriptionRequest(
        FilterParameters.read(request),
        start(request),
        new Sharing.Tail(),
        FilterParameters.flag(request, "deduplicate"),
        null,
        VersionParameter.isCurrent(request));
  }

  private static Start start(HttpServletRequest request) throws InvalidParameter {
    String last = request.getHeader("Last-Event-ID");
    if (last != null && !last.isEmpty()) {
      return resume("Last-Event-ID", last);
    }
    String start = request.getParameter("start");
    if (start == null || start.equals("now")) {
      return new Start.Now();
    }
    if (start.equals("earliest")) {
      return new Start.Earliest();
    }
    Instant time = FilterParameters.timeOrNull(start);
    return time == null ? resume("start", start) : new Start.At(time);
  }

  private static Start resume(String name, String text) throws InvalidParameter {
    ResumeToken token = ResumeToken.read(text);
    if (token == null) {
      throw new InvalidParameter(
          name,
          "neither now, earliest, a time in ISO 8601 or milliseconds, nor the id of an event of this stream");
    }
    return new Start.Resume(token);
  }
}
