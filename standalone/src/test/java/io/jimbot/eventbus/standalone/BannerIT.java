package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, used as its banner says. */
@Timeout(120)
class BannerIT {
  private static final Pattern COMMAND =
      Pattern.compile("curl -sS (http://\\S+) -H '([^:]+): ([^']+)' \\\\");
  private static final Pattern BODY = Pattern.compile("-d '(.+)'");

  @TempDir private Path directory;

  @Test
  void theRequestInTheBannerIsTakenAtTheFirstTryAndASignalEndsTheProgramWithExitCode0()
      throws Exception {
    try (BusProcess bus =
        BusProcess.startWhole(
            "standalone",
            "--http-port=0",
            "--grpc-port=0",
            "--kafka-port=0",
            "--data-dir=" + directory)) {
      Matcher command = find(COMMAND, bus.awaitLine("curl "));
      Matcher body = find(BODY, bus.awaitLine("-d "));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(command.group(1)))
              .header(command.group(2), command.group(3))
              .POST(HttpRequest.BodyPublishers.ofString(body.group(1)))
              .build();

      HttpResponse<String> response =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .build()
              .send(request, HttpResponse.BodyHandlers.ofString());

      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(response.body()).contains("\"status\":\"ok\"", "event_id");

      bus.terminate();
      assertThat(bus.rest()).contains("Ctrl-C stops it");
      assertThat(bus.awaitExitCode()).isZero();
    }
  }

  private static Matcher find(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    assertThat(matcher.find()).as(line).isTrue();
    return matcher;
  }
}
