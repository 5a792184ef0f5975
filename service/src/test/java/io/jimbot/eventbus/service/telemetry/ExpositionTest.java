package io.jimbot.eventbus.service.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExpositionTest {

  private final PrometheusRegistry registry = new PrometheusRegistry();

  private String shown() {
    return new String(new Exposition(registry).render(null).body(), StandardCharsets.UTF_8);
  }

  @Test
  void aMetricWhoseNameHelpOrLabelLooksLikeALeakIsNotShown() {
    Counter.builder().name("cache_keys_total").register(registry);
    Gauge.builder().name("fine_gauge").help("Bytes of the Token cache.").register(registry);
    Info.builder().name("build").labelNames("secret_level").register(registry).setLabelValues("9");
    Counter.builder().name("fine_total").help("Fine.").register(registry).inc(3);

    assertThat(shown()).contains("fine_total 3").doesNotContain("cache", "Token", "secret", "9");
  }

  @Test
  void aSeriesWhoseLabelValueLooksLikeALeakIsLeftOutAndTheOthersStay() {
    Counter events = Counter.builder().name("events_total").labelNames("type").register(registry);
    events.labelValues("custom.key_pressed").inc();
    events.labelValues("game.state.update").inc();
    Histogram times = Histogram.builder().name("times").labelNames("type").register(registry);
    times.labelValues("PASSWORD_CHANGED").observe(1);
    times.labelValues("HEARTBEAT").observe(1);

    assertThat(shown())
        .contains("events_total{type=\"game.state.update\"} 1", "times_count{type=\"HEARTBEAT\"} 1")
        .doesNotContainIgnoringCase("key")
        .doesNotContainIgnoringCase("password");
  }
}
