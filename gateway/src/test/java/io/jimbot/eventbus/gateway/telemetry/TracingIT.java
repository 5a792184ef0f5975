package io.jimbot.eventbus.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.Test;

class TracingIT {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SAMPLED = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final String NOT_SAMPLED = "00-" + TRACE + "-b7ad6b7169203331-00";

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();

  private Tracing tracing(double ratio) {
    return Tracing.of(
        new TracingSettings("http://localhost:4318/v1/traces", ratio, "gateway"),
        SimpleSpanProcessor.create(spans));
  }

  @Test
  void withoutAnEndpointTheContextIsHandedOnAsItCame() {
    Tracing off = Tracing.of(new TracingSettings("none", 1, "gateway"));

    assertThat(off.isOn()).isFalse();
    assertThat(off.publish(SAMPLED).traceparent()).isEqualTo(SAMPLED);
    assertThat(off.publish(null).traceparent()).isNull();
  }

  @Test
  void oneTraceHoldsTheStepsFromTheCallerToTheAcknowledgement() {
    try (Tracing tracing = tracing(0)) {
      TraceSpan publish = tracing.publish(SAMPLED);
      TraceSpan send = tracing.send(publish.traceparent());
      TraceSpan deliver = tracing.deliver(send.traceparent());
      tracing.settle(deliver.traceparent()).end();
      deliver.end();
      send.end();
      publish.end();

      assertThat(spans.getFinishedSpanItems())
          .extracting(SpanData::getName)
          .containsExactlyInAnyOrder("publish", "send", "deliver", "settle");
      assertThat(spans.getFinishedSpanItems()).extracting(SpanData::getTraceId).containsOnly(TRACE);
      assertThat(parentOf("publish")).isEqualTo("b7ad6b7169203331");
      assertThat(parentOf("send")).isEqualTo(span("publish").getSpanId());
      assertThat(parentOf("deliver")).isEqualTo(span("send").getSpanId());
      assertThat(parentOf("settle")).isEqualTo(span("deliver").getSpanId());
    }
  }

  @Test
  void aTraceThatIsNotRecordedElsewhereIsNotRecordedHereEither() {
    try (Tracing tracing = tracing(1)) {
      TraceSpan publish = tracing.publish(NOT_SAMPLED);
      publish.end();

      assertThat(publish.traceparent()).startsWith("00-" + TRACE).endsWith("-00");
      assertThat(tracing.send(publish.traceparent()).isRecorded()).isFalse();
      assertThat(tracing.deliver(publish.traceparent()).isRecorded()).isFalse();
      assertThat(spans.getFinishedSpanItems()).isEmpty();
    }
  }

  @Test
  void aTraceBeginsHereAsOftenAsTheRatioSays() {
    try (Tracing all = tracing(1);
        Tracing none = tracing(0)) {
      assertThat(TraceContext.isSampled(all.publish(null).traceparent())).isTrue();
      assertThat(TraceContext.isSampled(none.publish(null).traceparent())).isFalse();
    }
  }

  @Test
  void spansReachACollectorThatSpeaksOtlpOverHttp() throws Exception {
    try (TraceCollector collector = new TraceCollector()) {
      TracingSettings settings = new TracingSettings(collector.endpoint(), 1, "the-name");
      try (Tracing tracing = Tracing.of(settings)) {
        tracing.publish(SAMPLED).with("messaging.destination.name", "jimbot.events").end();
      }

      assertThat(collector.spans()).extracting(Span::getName).containsExactly("publish");
      assertThat(collector.spans().get(0).getAttributesList())
          .anyMatch(attribute -> attribute.getValue().getStringValue().equals("jimbot.events"));
      assertThat(collector.resources().get(0).getResource().getAttributesList())
          .anyMatch(attribute -> attribute.getValue().getStringValue().equals("the-name"));
    }
  }

  @Test
  void aWrongSettingIsNamed() {
    assertThatThrownBy(() -> new TracingSettings("localhost:4318", 1, "gateway"))
        .hasMessageContaining("tracing.endpoint");
    assertThatThrownBy(() -> new TracingSettings("none", 1.5, "gateway"))
        .hasMessageContaining("tracing.sampleRatio");
  }

  private SpanData span(String name) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findAny()
        .orElseThrow();
  }

  private String parentOf(String name) {
    return span(name).getParentSpanId();
  }
}
