package io.jimbot.eventbus.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A part of the bus in a JVM of its own. It says where it can be reached on a line of standard
 * output, and ends when its standard input does, so also with this JVM. Whoever starts it closes
 * it.
 */
public final class ChildJvm implements AutoCloseable {

  private static final String READY = "READY ";
  private static final long LONGEST_STOP_SECONDS = 30;

  private final Process process;
  private final String address;

  private ChildJvm(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Starts the class's {@code main} and returns when it can be reached. */
  public static ChildJvm start(Class<?> main, List<String> jvmOptions, String argument)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), argument));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader output = process.inputReader(UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(READY)) {
        passOn(output, main.getSimpleName());
        return new ChildJvm(process, line.substring(READY.length()));
      }
      System.err.println(line);
    }
    process.destroyForcibly();
    throw new IOException(main.getSimpleName() + " ended before it was ready");
  }

  private static void passOn(BufferedReader output, String name) {
    Thread thread = new Thread(() -> output.lines().forEach(System.err::println), name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Called in the child: says where it is, and returns when the child should end. */
  static void serve(String address) throws IOException {
    System.out.println(READY + address);
    System.in.transferTo(java.io.OutputStream.nullOutputStream());
  }

  /** What it said. */
  public String address() {
    return address;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Lets it end, and kills it if it does not. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
