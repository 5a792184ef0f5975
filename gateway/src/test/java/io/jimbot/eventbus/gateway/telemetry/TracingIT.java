package io.jimbot.eventbus.gateway.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
      TraceSpan deliver = tracing.deliver(publish.traceparent());
      tracing.settle(deliver.traceparent()).end();
      deliver.end();
      publish.end();

      assertThat(spans.getFinishedSpanItems())
          .extracting(SpanData::getName)
          .containsExactlyInAnyOrder("publish", "deliver", "settle");
      assertThat(spans.getFinishedSpanItems()).extracting(SpanData::getTraceId).containsOnly(TRACE);
      assertThat(parentOf("publish")).isEqualTo("b7ad6b7169203331");
      assertThat(parentOf("deliver")).isEqualTo(span("publish").getSpanId());
      assertThat(parentOf("settle")).isEqualTo(span("deliver").getSpanId());
    }
  }

  @Test
  void aTraceThatIsNotRecordedElsewhereIsNotRecordedHereEither() {
    try (Tracing tracing = tracing(1)) {
      TraceSpan publish = tracing.publish(NOT_SAMPLED);
      publish.end();

      assertThat(publish.traceparent()).startsWith("00-" + TRACE).endsWith("-00");
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
    Queue<byte[]> received = new ConcurrentLinkedQueue<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          received.add(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    try {
      String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
      try (Tracing tracing = Tracing.of(new TracingSettings(endpoint, 1, "the-name"))) {
        tracing.publish(SAMPLED).with("messaging.destination.name", "jimbot.events").end();
      }

      assertThat(received).hasSize(1);
      assertThat(new String(received.remove(), UTF_8))
          .contains("publish", "the-name", "jimbot.events");
    } finally {
      collector.stop(0);
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
