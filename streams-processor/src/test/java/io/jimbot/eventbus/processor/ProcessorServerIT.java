package io.jimbot.eventbus.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a processor tells while Kafka is away. */
class ProcessorServerIT {

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private ProcessorServer processor;

  @BeforeEach
  void start() throws Exception {
    processor =
        ProcessorServer.start(
            ProcessorConfiguration.load(
                null,
                Map.of(
                    "kafka.bootstrapServers",
                    "127.0.0.1:9",
                    "http.port",
                    0,
                    "streams.stateDirectory",
                    directory.toString())));
  }

  @AfterEach
  void stop() {
    processor.close();
  }

  @Test
  void itIsAliveWithoutKafka() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/health").body()).contains("\"status\":\"healthy\"", "uptime_seconds");
  }

  @Test
  void metricsAreServedInPrometheusFormat() throws Exception {
    assertThat(get("/metrics").body()).contains("# TYPE eventbus_retention_repeats_total");
  }

  @Test
  void whatIsNotServedIsSaidSo() throws Exception {
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(uri("/health"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + processor.httpPort() + path);
  }
}
