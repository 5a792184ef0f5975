package io.jimbot.eventbus.processor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The processor as it ships, in a JVM of its own. */
final class ProcessorProcess implements AutoCloseable {

  private static final int LONGEST_LIFE_SECONDS = 180;

  private final Process process;

  private ProcessorProcess(Process process) {
    this.process = process;
    CompletableFuture.delayedExecutor(LONGEST_LIFE_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
  }

  /**
   * Starts one, which serves no HTTP.
   *
   * @param output gets what it prints
   * @param settings by dotted key, for example {@code streams.sessionTimeout}
   */
  static ProcessorProcess start(Path output, Map<String, String> settings) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.add("-Deventbus.http.port=-1");
    command.add("-Deventbus.logging.level=WARN");
    settings.forEach((key, value) -> command.add("-Deventbus." + key + "=" + value));
    command.add(ProcessorMain.class.getName());
    return new ProcessorProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start());
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("Still running");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
