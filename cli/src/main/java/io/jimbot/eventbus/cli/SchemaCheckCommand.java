package io.jimbot.eventbus.cli;

import io.jimbot.eventbus.proto.BreakingChange;
import io.jimbot.eventbus.proto.DescriptorComparison;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eventbus schema check}: what one state of a contract breaks of another. */
@Command(
    name = "check",
    description = {
      "Lists what NEW breaks of OLD, each with its consequence.",
      "Each is a set of file descriptors or a directory of .proto files.",
      "Exit code: 0 nothing is broken, 1 something is, 2 one of them cannot be read."
    })
final class SchemaCheckCommand implements Callable<Integer> {

  private static final int BROKEN = 1;
  private static final int UNREADABLE = 2;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private ContractFiles files;

  @Parameters(index = "0", paramLabel = "OLD", description = "The contract that is in use.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path before;

  @Parameters(index = "1", paramLabel = "NEW", description = "The contract that is to follow it.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path after;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    List<BreakingChange> changes;
    try {
      changes = DescriptorComparison.of(files.read(before), files.read(after)).breakingChanges();
    } catch (IOException e) {
      spec.commandLine().getErr().println("eventbus: " + e.getMessage());
      return UNREADABLE;
    }
    for (BreakingChange change : changes) {
      out.println(change.path() + ": " + change.what());
      out.println("    " + change.consequence());
    }
    out.println(
        changes.isEmpty() ? "Nothing is broken." : "Breaking changes: " + changes.size() + ".");
    return changes.isEmpty() ? 0 : BROKEN;
  }
}
