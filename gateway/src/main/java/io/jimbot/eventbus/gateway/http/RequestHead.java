package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.ingest.ClientIds;
import io.jimbot.eventbus.gateway.ingest.OrderingKeys;
import io.jimbot.eventbus.gateway.ingest.Submission.Kind;
import io.jimbot.eventbus.gateway.ingest.Timing;
import io.jimbot.eventbus.gateway.telemetry.TraceParent;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a publishing request says, checked before a byte of the body is read.
 *
 * @param kind what the body holds
 * @param producer who sends it
 * @param orderingKey the sender's ordering key, if any
 * @param traceparent the trace context, if any
 * @param timing when subscribers are to get the events
 */
record RequestHead(
    Kind kind,
    String producer,
    @Nullable String orderingKey,
    @Nullable String traceparent,
    Timing timing) {

  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");
  private static final int SHOWN = 100;

  /** Why the request is refused, or null if its header is good. */
  static @Nullable Answer refusal(HttpServletRequest request, boolean batch, long maxBodyBytes) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null
        && !encoding.isBlank()
        && !encoding.strip().toLowerCase(Locale.ROOT).equals("identity")) {
      return Answer.error(415, "unsupported_encoding", "send the body without a content encoding");
    }
    if (MediaTypes.kind(request.getContentType(), batch) == null) {
      return Answer.error(415, "unsupported_media_type", wanted(request.getContentType(), batch));
    }
    if (request.getContentLengthLong() > maxBodyBytes) {
      return tooLarge(maxBodyBytes);
    }
    Answer clientIdRefusal = clientIdRefusal(request);
    if (clientIdRefusal != null) {
      return clientIdRefusal;
    }
    String orderingKey = request.getHeader("X-Ordering-Key");
    if (orderingKey != null && !OrderingKeys.isGood(orderingKey)) {
      return Answer.error(400, "bad_header", "X-Ordering-Key " + OrderingKeys.RULE);
    }
    return null;
  }

  /** Why the name that the sender gives itself is refused, or null if it is good or absent. */
  static @Nullable Answer clientIdRefusal(HttpServletRequest request) {
    String clientId = request.getHeader("X-Client-Id");
    return clientId == null || ClientIds.isGood(clientId)
        ? null
        : Answer.error(400, "bad_header", "X-Client-Id " + ClientIds.RULE);
  }

  static Answer tooLarge(long maxBodyBytes) {
    return Answer.error(
        413, "body_too_large", "the body is larger than " + maxBodyBytes + " bytes");
  }

  /** The answer to a sender whose body does not arrive in time. */
  static Answer tooSlow() {
    return Answer.error(408, "timeout", "the body took too long to arrive");
  }

  /** Reads a header that {@link #refusal} found good. */
  static RequestHead of(
      HttpServletRequest request, boolean batch, boolean trustForwardedFor, Timing timing) {
    Kind kind = MediaTypes.kind(request.getContentType(), batch);
    String clientId = request.getHeader("X-Client-Id");
    return new RequestHead(
        kind == null ? Kind.SINGLE : kind,
        clientId == null ? address(request, trustForwardedFor) : clientId,
        request.getHeader("X-Ordering-Key"),
        TraceParent.orNull(request.getHeader("traceparent")),
        timing);
  }

  private static String address(HttpServletRequest request, boolean trustForwardedFor) {
    String forwarded = trustForwardedFor ? request.getHeader("X-Forwarded-For") : null;
    if (forwarded != null) {
      String first = forwarded.split(",", 2)[0].strip();
      if (ADDRESS.matcher(first).matches()) {
        return first;
      }
    }
    String address = request.getRemoteAddr();
    return address == null ? "unknown" : address;
  }

  private static String wanted(@Nullable String contentType, boolean batch) {
    String given = contentType == null ? "" : contentType;
    String shown = given.length() > SHOWN ? given.substring(0, SHOWN) + "…" : given;
    String lines = batch ? ", or application/x-ndjson with one event a line" : "";
    return "content type '" + shown + "' is not taken: send application/json in UTF-8" + lines;
  }
}
