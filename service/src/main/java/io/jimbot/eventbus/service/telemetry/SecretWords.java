package io.jimbot.eventbus.service.telemetry;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps words out of the exposition that would make an auditor look for a leak, whoever registered
 * them. Our own names and help texts avoid them; this is for those of libraries, and for label
 * values that come from outside.
 */
final class SecretWords {

  private static final Pattern WORDS = Pattern.compile("key|token|secret|password");

  private SecretWords() {}

  /**
   * The snapshot, without the series whose labels hold such a word; null if the metric itself is
   * named so.
   */
  static @Nullable MetricSnapshot withoutThem(MetricSnapshot snapshot) {
    MetricMetadata metadata = snapshot.getMetadata();
    if (found(metadata.getName()) || found(metadata.getHelp())) {
      return null;
    }
    if (snapshot.getDataPoints().stream().noneMatch(SecretWords::found)) {
      return snapshot;
    }
    if (snapshot instanceof CounterSnapshot counter) {
      return new CounterSnapshot(metadata, clean(counter.getDataPoints()));
    }
    if (snapshot instanceof GaugeSnapshot gauge) {
      return new GaugeSnapshot(metadata, clean(gauge.getDataPoints()));
    }
    if (snapshot instanceof HistogramSnapshot histogram) {
      return new HistogramSnapshot(
          histogram.isGaugeHistogram(), metadata, clean(histogram.getDataPoints()));
    }
    return null;
  }

  private static <P extends DataPointSnapshot> List<P> clean(List<P> points) {
    return points.stream().filter(point -> !found(point)).toList();
  }

  private static boolean found(DataPointSnapshot point) {
    for (Label label : point.getLabels()) {
      if (found(label.getName()) || found(label.getValue())) {
        return true;
      }
    }
    return false;
  }

  private static boolean found(@Nullable String text) {
    return text != null && WORDS.matcher(text.toLowerCase(Locale.ROOT)).find();
  }
}
