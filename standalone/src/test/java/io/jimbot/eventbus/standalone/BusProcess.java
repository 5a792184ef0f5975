package io.jimbot.eventbus.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The program in a JVM of its own; both its outputs are one. */
final class BusProcess implements AutoCloseable {

  /** Less than the tests' own time limit, which does not end the reading of a silent output. */
  private static final int LONGEST_LIFE_SECONDS = 110;

  private final Process process;
  private final BufferedReader output;

  private BusProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(UTF_8);
    CompletableFuture.delayedExecutor(LONGEST_LIFE_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
  }

  /** With the stand-in for the gateway. */
  static BusProcess start(String... arguments) throws IOException {
    return start(BusProcess.class, arguments);
  }

  /** The whole program, as it ships. */
  static BusProcess startWhole(String... arguments) throws IOException {
    return start(Main.class, arguments);
  }

  private static BusProcess start(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new BusProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Waits for a line that has this in it, and returns it. */
  String awaitLine(String part) throws IOException {
    List<String> before = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains(part)) {
        return line;
      }
      before.add(line);
    }
    throw new AssertionError("No line has '" + part + "' in it: " + String.join("\n", before));
  }

  /** What it prints from here to its end. */
  String rest() {
    return String.join("\n", output.lines().toList());
  }

  /** SIGTERM, on a system that has it; the output can still be read. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitExitCode();
  }

  int awaitExitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("Still running");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] arguments) {
    System.exit(EventBusCommand.commandLine(StubGateway::start).execute(arguments));
  }
}
