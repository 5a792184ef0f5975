package io.jimbot.eventbus.gateway.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.prometheus.metrics.model.snapshots.Labels;
import org.jspecify.annotations.Nullable;

/**
 * The W3C {@code traceparent}, version 00: {@code 00-<32 hex>-<16 hex>-<2 hex>}, lower case.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">Trace Context</a>
 */
final class TraceContext {

  private static final int TRACE_ID = 3;
  private static final int SPAN_ID = 36;
  private static final int FLAGS = 53;
  private static final int LENGTH = 55;

  private TraceContext() {}

  /** The context of a header whose form was checked; the root if there is none. */
  static Context parent(@Nullable String traceparent) {
    if (traceparent == null || traceparent.length() < LENGTH) {
      return Context.root();
    }
    SpanContext remote =
        SpanContext.createFromRemoteParent(
            traceparent.substring(TRACE_ID, SPAN_ID - 1),
            traceparent.substring(SPAN_ID, FLAGS - 1),
            TraceFlags.fromHex(traceparent, FLAGS),
            TraceState.getDefault());
    return remote.isValid() ? Context.root().with(Span.wrap(remote)) : Context.root();
  }

  /** The header that goes on from a span. */
  static String header(SpanContext span) {
    return "00-" + span.getTraceId() + '-' + span.getSpanId() + '-' + span.getTraceFlags().asHex();
  }

  /** What ties a measurement to a trace that is recorded; null for any other. */
  static @Nullable Labels exemplar(@Nullable String traceparent) {
    return traceparent != null && isSampled(traceparent)
        ? Labels.of(
            "trace_id",
            traceparent.substring(TRACE_ID, SPAN_ID - 1),
            "span_id",
            traceparent.substring(SPAN_ID, FLAGS - 1))
        : null;
  }

  /** Whether whoever made the header records the trace. */
  static boolean isSampled(@Nullable String traceparent) {
    return traceparent != null
        && traceparent.length() >= LENGTH
        && (Character.digit(traceparent.charAt(FLAGS + 1), 16) & 1) == 1;
  }
}
