package io.jimbot.eventbus.service.telemetry;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Renders a registry for a scraper, without the words that must not leave. Thread-safe. */
public final class Exposition {

  private static final int USUAL_BYTES = 64 * 1024;

  private final PrometheusRegistry registry;
  private final ExpositionFormats formats = ExpositionFormats.init();

  Exposition(PrometheusRegistry registry) {
    this.registry = registry;
  }

  /**
   * A rendered scrape.
   *
   * @param contentType the media type with its parameters
   * @param body the bytes
   */
  public record Page(String contentType, byte[] body) {}

  /**
   * Renders what is there now, in the format that suits the value of an {@code Accept} header best.
   */
  public Page render(@Nullable String accept) {
    MetricSnapshots.Builder shown = MetricSnapshots.builder();
    for (MetricSnapshot snapshot : registry.scrape()) {
      MetricSnapshot safe = SecretWords.withoutThem(snapshot);
      if (safe != null) {
        shown.metricSnapshot(safe);
      }
    }
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
    try {
      writer.write(out, shown.build());
    } catch (IOException e) {
      throw new UncheckedIOException("into memory", e);
    }
    return new Page(writer.getContentType(), out.toByteArray());
  }
}
