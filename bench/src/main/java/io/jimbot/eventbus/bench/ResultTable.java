package io.jimbot.eventbus.bench;

import java.util.Locale;

/** Words comparisons as the rows of a Markdown table. */
final class ResultTable {

  private static final String HEAD =
      """
      | payload | requests/s | target | events/s | of raw | p50 ms | p99 ms | of raw | p99.9 ms \
      | CPU-s per 1,000 events | broker's | failures | unsent | others' cores |
      |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
      """;

  private ResultTable() {}

  static String head() {
    return HEAD;
  }

  static String rows(Comparison comparison) {
    return row(comparison.rawBefore(), "", "")
        + row(
            comparison.gateway(),
            percent(comparison.throughputRatio()),
            format("x%.1f", comparison.p99Ratio()))
        + row(comparison.rawAfter(), "", "");
  }

  private static String row(Measurement m, String throughputRatio, String p99Ratio) {
    return String.join(
            " | ",
            "| " + m.payload(),
            m.requestsPerSecond(),
            m.target(),
            format("%,.0f", m.eventsPerSecond()),
            throughputRatio,
            format("%.2f", m.p50Millis()),
            format("%.2f", m.p99Millis()),
            p99Ratio,
            format("%.1f", m.p999Millis()),
            format("%.4f", m.cpuSecondsPerThousandEvents()),
            format("%.4f", m.brokerCpuSecondsPerThousandEvents()),
            Long.toString(m.failures()),
            Long.toString(m.unsent()),
            format("%.2f", m.othersCores()))
        + " |\n";
  }

  private static String percent(double ratio) {
    return format("%.0f %%", ratio * 100);
  }

  private static String format(String pattern, double number) {
    return Double.isNaN(number) ? "-" : String.format(Locale.ROOT, pattern, number);
  }
}
