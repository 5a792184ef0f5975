package io.jimbot.eventbus.gateway.telemetry;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The steps of events as OpenTelemetry spans: published here, sent to Kafka, delivered here,
 * settled here; each is the parent of the next. Off, it makes none and hands on the context that
 * came. Thread-safe; whoever made it closes it, after everything that makes spans.
 */
public final class Tracing implements AutoCloseable {

  private static final String SCOPE = "io.jimbot.eventbus.gateway";
  private static final long CLOSE_SECONDS = 5;
  private static final Tracing OFF = new Tracing(null, null);

  private final @Nullable SdkTracerProvider provider;
  private final @Nullable Tracer tracer;

  private Tracing(@Nullable SdkTracerProvider provider, @Nullable Tracer tracer) {
    this.provider = provider;
    this.tracer = tracer;
  }

  /** Makes no spans. */
  public static Tracing off() {
    return OFF;
  }

  /**
   * As the settings say. Spans wait for the collector in a bounded queue; what overflows is lost.
   */
  public static Tracing of(TracingSettings settings) {
    if (!settings.isOn()) {
      return OFF;
    }
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(settings.endpoint()).build();
    return of(settings, BatchSpanProcessor.builder(exporter).build());
  }

  /** With what is done with the spans. */
  static Tracing of(TracingSettings settings, SpanProcessor processor) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault().toBuilder()
                    .put("service.name", settings.serviceName())
                    .build())
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sampleRatio())))
            .addSpanProcessor(processor)
            .build();
    return new Tracing(provider, provider.get(SCOPE));
  }

  /** Whether spans are made. */
  public boolean isOn() {
    return tracer != null;
  }

  /** A request's events are taken in. */
  public TraceSpan publish(@Nullable String traceparent) {
    return start("publish", SpanKind.SERVER, traceparent);
  }

  /** A record is on its way into Kafka. Only traces that are recorded already go on here. */
  public TraceSpan send(@Nullable String traceparent) {
    return goOn("send", SpanKind.PRODUCER, traceparent);
  }

  /** An event is with a subscriber. Only traces that are recorded already go on here. */
  public TraceSpan deliver(@Nullable String traceparent) {
    return goOn("deliver", SpanKind.CONSUMER, traceparent);
  }

  /** A subscriber has settled an event. */
  public TraceSpan settle(@Nullable String traceparent) {
    return goOn("settle", SpanKind.CLIENT, traceparent);
  }

  private TraceSpan goOn(String name, SpanKind kind, @Nullable String traceparent) {
    return TraceContext.isSampled(traceparent)
        ? start(name, kind, traceparent)
        : TraceSpan.passing(traceparent);
  }

  private TraceSpan start(String name, SpanKind kind, @Nullable String traceparent) {
    if (tracer == null) {
      return TraceSpan.passing(traceparent);
    }
    return new TraceSpan(
        tracer
            .spanBuilder(name)
            .setSpanKind(kind)
            .setParent(TraceContext.parent(traceparent))
            .setAttribute("messaging.system", "kafka")
            .setAttribute("messaging.operation.name", name)
            .startSpan());
  }

  /** Sends what is left, within 5 seconds. */
  @Override
  public void close() {
    if (provider != null) {
      provider.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
