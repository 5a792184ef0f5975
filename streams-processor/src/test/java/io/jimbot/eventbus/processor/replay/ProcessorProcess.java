package io.jimbot.eventbus.processor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.processor.ProcessorMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A processor in a JVM of its own, as it ships. */
final class ProcessorProcess implements AutoCloseable {

  private final Process process;
  private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

  private ProcessorProcess(Process process) {
    this.process = process;
    BufferedReader output = process.inputReader(UTF_8);
    Thread reader = new Thread(() -> output.lines().forEach(lines::add), "processor-output");
    reader.setDaemon(true);
    reader.start();
  }

  static ProcessorProcess start(String bootstrapServers, Path stateDirectory) throws IOException {
    return new ProcessorProcess(
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-Deventbus.kafka.bootstrapServers=" + bootstrapServers,
                    "-Deventbus.kafka.topicPrefix=t",
                    "-Deventbus.streams.stateDirectory=" + stateDirectory,
                    "-Deventbus.replay.sessionTimeout=6s",
                    "-Deventbus.http.port=0",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ProcessorMain.class.getName()))
            .redirectErrorStream(true)
            .start());
  }

  /** Waits until it takes part in the work on replays. */
  void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> lines.stream().anyMatch(line -> line.contains("replay jobs gained")));
  }

  /** Whether a line with this in it comes in time. */
  boolean awaitLine(String part, long millis) {
    Awaitility.await()
        .atMost(Duration.ofMillis(millis))
        .until(() -> lines.stream().anyMatch(line -> line.contains(part)));
    return true;
  }

  /** SIGKILL; returns when it is dead. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("still running");
    }
  }

  /** Sends it a signal by its name. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
        .inheritIO()
        .start()
        .waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
