package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A gateway in a JVM of its own, so that it can be killed. It ends with this JVM. */
final class GatewayProcess implements AutoCloseable {

  private static final String READY = "READY ";

  private final Process process;
  private final int grpcPort;

  private GatewayProcess(Process process, int grpcPort) {
    this.process = process;
    this.grpcPort = grpcPort;
  }

  /** One that takes events, in front of these topics. */
  static GatewayProcess start(String bootstrapServers, String prefix) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            GatewayProcess.class.getName(),
            bootstrapServers,
            prefix);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader output = process.inputReader(UTF_8);
    StringBuilder before = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(READY)) {
        Thread rest = new Thread(() -> output.lines().forEach(System.err::println), "gateway");
        rest.setDaemon(true);
        rest.start();
        return new GatewayProcess(process, Integer.parseInt(line.substring(READY.length())));
      }
      before.append(line).append('\n');
    }
    throw new IOException("The gateway ended before it was ready: " + before);
  }

  int grpcPort() {
    return grpcPort;
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** In the process itself. */
  public static void main(String[] arguments) throws Exception {
    try (GatewayServer gateway =
        GatewayServer.start(
            TestGateway.configuration(
                Map.of("bootstrapServers", arguments[0], "topics.prefix", arguments[1])))) {
      TestGateway.awaitReady(gateway);
      System.out.println(READY + gateway.grpcPort());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
