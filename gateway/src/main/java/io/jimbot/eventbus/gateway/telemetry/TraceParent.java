package io.jimbot.eventbus.gateway.telemetry;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a W3C {@code traceparent}; a bad one is ignored, as that standard asks. */
public final class TraceParent {

  private static final Pattern FORM =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
  private static final int TRACE_ID = 3;
  private static final int TRACE_ID_END = 35;
  private static final String NO_TRACE = "00000000000000000000000000000000";
  private static final String NO_SPAN = "0000000000000000";

  private TraceParent() {}

  /** The header if its form is right, else null. */
  public static @Nullable String orNull(@Nullable String header) {
    if (header == null || !FORM.matcher(header).matches() || header.startsWith("ff")) {
      return null;
    }
    return header.startsWith(NO_TRACE, TRACE_ID) || header.startsWith(NO_SPAN, 36) ? null : header;
  }

  /** The trace that a checked header belongs to, for a log's reader; empty if there is none. */
  public static String traceId(@Nullable String header) {
    return header == null || header.length() < TRACE_ID_END
        ? ""
        : header.substring(TRACE_ID, TRACE_ID_END);
  }
}
