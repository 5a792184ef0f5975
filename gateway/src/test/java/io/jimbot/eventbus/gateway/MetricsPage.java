package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A scrape in Prometheus' text format, as a scraper reads it. */
public final class MetricsPage {
  private static final Pattern SERIES = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? (\\S+)");

  private final String text;

  public MetricsPage(byte[] utf8) {
    text = new String(utf8, UTF_8);
  }

  /** What a gateway tells now. */
  static MetricsPage of(GatewayServer gateway) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + gateway.httpPort() + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return new MetricsPage(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
  }

  /** The sums of a metric's series by one of their labels, without those that are zero. */
  public Map<String, Double> sums(String metric, String label) {
    Pattern labelled = Pattern.compile("(?:^|,)" + label + "=\"([^\"]*)\"");
    Map<String, Double> sums = new TreeMap<>();
    series(metric)
        .forEach(
            series -> {
              double value = Double.parseDouble(series.group(3));
              Matcher of = labelled.matcher(series.group(2) == null ? "" : series.group(2));
              if (of.find() && value != 0) {
                sums.merge(of.group(1), value, Double::sum);
              }
            });
    return sums;
  }

  /** The sum of all series of a metric; the metric must be there. */
  public double total(String metric) {
    assertThat(series(metric)).as(metric).isNotEmpty();
    return series(metric).mapToDouble(series -> Double.parseDouble(series.group(3))).sum();
  }

  /** Asserts that, by type, every event that was received has been accepted, refused or failed. */
  public void everyEventIsCountedTwice() {
    Map<String, Double> ended = new TreeMap<>(sums("eventbus_events_accepted_total", "type"));
    sums("eventbus_events_refused_total", "type")
        .forEach((type, count) -> ended.merge(type, count, Double::sum));
    sums("eventbus_events_failed_total", "type")
        .forEach((type, count) -> ended.merge(type, count, Double::sum));
    assertThat(ended).isNotEmpty().isEqualTo(sums("eventbus_events_received_total", "type"));
  }

  private Stream<Matcher> series(String metric) {
    return text.lines()
        .map(SERIES::matcher)
        .filter(line -> line.matches() && line.group(1).equals(metric));
  }
}
