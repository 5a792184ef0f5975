package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.ingest.SubmissionFault;
import io.jimbot.eventbus.gateway.ingest.Timing;
import io.jimbot.eventbus.gateway.ingest.TimingRules;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When the events of a publishing request are to be delivered, by its headers {@code X-Deliver-At}
 * and {@code X-TTL} or its parameters {@code deliver_at} and {@code ttl}. The body says nothing of
 * it: it is the event, and is kept as it is.
 *
 * @param timing as asked for, if that makes sense
 * @param refusal why it does not, or null
 */
record RequestTiming(Timing timing, @Nullable Answer refusal) {

  private static final String DELIVER_AT_HEADER = "X-Deliver-At";
  private static final String TTL_HEADER = "X-TTL";
  private static final Pattern TTL = Pattern.compile("([0-9]{1,15})(ms|s|m|h|d)?");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  /** Reads it; only for a request whose media type is known to be good. */
  static RequestTiming read(HttpServletRequest request, TimingRules rules, Instant now) {
    try {
      return new RequestTiming(rules.check(deliverAt(request), ttl(request), now), null);
    } catch (SubmissionFault e) {
      return refused(Answer.error(422, e.reason(), header(e) + ": " + e.getMessage()));
    } catch (InvalidParameter e) {
      return refused(Answer.error(400, "bad_header", String.valueOf(e.getMessage())));
    }
  }

  private static RequestTiming refused(Answer refusal) {
    return new RequestTiming(Timing.USUAL, refusal);
  }

  private static String header(SubmissionFault fault) {
    return fault.field() == SubmissionFault.Field.TTL ? TTL_HEADER : DELIVER_AT_HEADER;
  }

  private static @Nullable Instant deliverAt(HttpServletRequest request) throws InvalidParameter {
    String text = given(request, DELIVER_AT_HEADER, "deliver_at");
    if (text == null) {
      return null;
    }
    Instant time = FilterParameters.timeOrNull(text);
    if (time == null) {
      throw new InvalidParameter(
          DELIVER_AT_HEADER,
          "a time in ISO 8601, such as 2026-01-31T12:00:00Z, or milliseconds since 1970");
    }
    return time;
  }

  private static @Nullable Duration ttl(HttpServletRequest request) throws InvalidParameter {
    String text = given(request, TTL_HEADER, "ttl");
    if (text == null) {
      return null;
    }
    Matcher matcher = TTL.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidParameter(
          TTL_HEADER,
          "a number with its unit, such as 1500ms, 30s, 5m, 12h or 7d; milliseconds without");
    }
    Duration unit = UNITS.get(matcher.group(2) == null ? "ms" : matcher.group(2));
    try {
      return unit == null ? null : unit.multipliedBy(Long.parseLong(matcher.group(1)));
    } catch (DateTimeException | ArithmeticException e) {
      throw new InvalidParameter(TTL_HEADER, "this is too long");
    }
  }

  private static @Nullable String given(
      HttpServletRequest request, String header, String parameter) {
    String value = request.getHeader(header);
    return value == null ? request.getParameter(parameter) : value.strip();
  }
}
