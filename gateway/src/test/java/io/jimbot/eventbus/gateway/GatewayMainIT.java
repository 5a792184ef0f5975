package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program in a JVM of its own, with a Kafka that is away. */
@Timeout(120)
class GatewayMainIT {

  private static final Pattern HTTP_PORT = Pattern.compile("http_port=([1-9][0-9]*)");

  @TempDir private Path directory;

  @Test
  void itServesUntilSigtermAndEndsWith0() throws Exception {
    Process gateway = start("http: {port: 0}\ngrpc: {port: 0}\nbootstrapServers: 127.0.0.1:1\n");
    try (BufferedReader output = gateway.inputReader(UTF_8)) {
      int port = awaitHttpPort(output);
      HttpResponse<String> health =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                      .build(),
                  BodyHandlers.ofString());

      gateway.toHandle().destroy();

      assertThat(health.statusCode()).isEqualTo(200);
      assertThat(output.lines()).anyMatch(line -> line.contains("gateway stopped"));
      assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(gateway.exitValue()).isZero();
    } finally {
      gateway.destroyForcibly();
    }
  }

  @Test
  void aWrongSettingEndsItWith1AndTheNameOfTheKey() throws Exception {
    Process gateway = start("http:\n  prot: 0\n");
    try (BufferedReader output = gateway.inputReader(UTF_8)) {
      assertThat(output.lines())
          .anyMatch(line -> line.contains("prot"))
          .noneMatch(line -> line.startsWith("\tat "));
      assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(gateway.exitValue()).isEqualTo(1);
    } finally {
      gateway.destroyForcibly();
    }
  }

  private Process start(String yaml) throws IOException {
    Path config = Files.writeString(directory.resolve("gateway.yml"), yaml);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            java,
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            GatewayMain.class.getName(),
            "--config",
            config.toString());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static int awaitHttpPort(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher port = HTTP_PORT.matcher(line);
      if (port.find()) {
        return Integer.parseInt(port.group(1));
      }
    }
    throw new AssertionError("the gateway ended before it served");
  }
}
