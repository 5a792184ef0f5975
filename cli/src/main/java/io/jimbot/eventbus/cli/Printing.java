package io.jimbot.eventbus.cli;

import io.grpc.Status;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How a command prints events as they come, and when it ends, as the flags say. */
final class Printing {

  private static final long RECONNECT_MILLIS = 500;

  @Option(
      names = "--output",
      defaultValue = "json",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private EventPrinter.Format format;

  @Option(names = "--count", paramLabel = "N", description = "End after so many events.")
  private long count = Long.MAX_VALUE;

  @Option(names = "--once", description = "End, rather than connect again, when the bus goes away.")
  private boolean once;

  long count() {
    return count;
  }

  EventPrinter on(CommandLine terminal) {
    return new EventPrinter(format, terminal.getOut(), terminal.getErr());
  }

  /** Whether to connect again after a stream ended with that status; then some time has passed. */
  boolean goesOnBehind(Status status) throws InterruptedException {
    if (once || status.getCode() != Status.Code.UNAVAILABLE) {
      return false;
    }
    Thread.sleep(RECONNECT_MILLIS);
    return true;
  }
}
