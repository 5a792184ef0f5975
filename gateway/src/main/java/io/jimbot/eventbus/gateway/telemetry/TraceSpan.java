package io.jimbot.eventbus.gateway.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * One step of an event's way, until it is ended. Thread-safe. Without tracing it holds nothing but
 * the context that it hands on.
 */
public final class TraceSpan {

  private final @Nullable Span span;
  private final @Nullable String traceparent;

  TraceSpan(Span span) {
    this.span = span;
    this.traceparent = TraceContext.header(span.getSpanContext());
  }

  private TraceSpan(@Nullable String traceparent) {
    this.span = null;
    this.traceparent = traceparent;
  }

  /** No step: hands on what it got. */
  static TraceSpan passing(@Nullable String traceparent) {
    return new TraceSpan(traceparent);
  }

  /** The context for the next step. */
  public @Nullable String traceparent() {
    return traceparent;
  }

  /** Whether it is a step at all, rather than a context handed on. */
  public boolean isRecorded() {
    return span != null;
  }

  /** It went well. */
  public void end() {
    if (span != null) {
      span.end();
    }
  }

  /** It went wrong; the reason is a stable word. */
  public void fail(String reason) {
    if (span != null) {
      span.setStatus(StatusCode.ERROR, reason);
      span.end();
    }
  }

  /** Says something of it. */
  public TraceSpan with(String attribute, String value) {
    if (span != null) {
      span.setAttribute(attribute, value);
    }
    return this;
  }

  /** Says something of it. */
  public TraceSpan with(String attribute, long value) {
    if (span != null) {
      span.setAttribute(attribute, value);
    }
    return this;
  }
}
