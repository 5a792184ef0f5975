package io.jimbot.eventbus.cli;

import io.grpc.StatusRuntimeException;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.ListTopicsRequest;
import io.jimbot.events.v1.ListTopicsResponse;
import io.jimbot.events.v1.TopicInfo;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eventbus topics}: which logical topics there are. */
@Command(name = "topics", description = "Lists the topics, with their event types.")
final class TopicsCommand implements Callable<Integer> {

  private static final int PATIENCE_SECONDS = 10;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private GrpcAddress address;

  @Parameters(
      paramLabel = "PATTERN",
      arity = "0..*",
      description = "Only topics that match. Default: all")
  private List<String> patterns = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ListTopicsRequest request = ListTopicsRequest.newBuilder().addAllPatterns(patterns).build();
    try (GrpcAddress.OpenChannel bus = address.open()) {
      print(
          EventBusGrpc.newBlockingStub(bus.channel())
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .listTopics(request));
      return 0;
    } catch (StatusRuntimeException e) {
      throw Refused.by(address, e);
    }
  }

  private void print(ListTopicsResponse response) {
    PrintWriter out = spec.commandLine().getOut();
    int width =
        response.getTopicsList().stream()
            .mapToInt(topic -> topic.getName().length())
            .max()
            .orElse(1);
    for (TopicInfo topic : response.getTopicsList()) {
      out.printf(
          "%-" + width + "s  %-9s  %s%n",
          topic.getName(),
          topic.getRetention(),
          String.join(" ", topic.getEventTypesList()));
    }
  }
}
