package io.jimbot.eventbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eventbus replay}: asks for replays of what is kept, and looks after them. */
@Command(
    name = "replay",
    description = "Replays events that are kept, into a topic of their own or to one group.")
final class ReplayCommand {

  private static final String PATH = "/api/v1/replays";
  private static final Set<String> ENDS = Set.of("completed", "cancelled", "failed");
  private static final long LOOK_MILLIS = 500;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(name = "start", description = "Asks for a replay, and prints its id.")
  int start(
      @Mixin RestApi api,
      @Parameters(paramLabel = "PATTERN", arity = "0..*", description = "Topics. Default: all")
          @Nullable List<String> topics,
      @Option(names = "--from", paramLabel = "TIME", description = "Taken in from then on.")
          @Nullable String from,
      @Option(names = "--to", paramLabel = "TIME", description = "Taken in before then.")
          @Nullable String to,
      @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type.")
          @Nullable List<String> types,
      @Option(names = "--game", paramLabel = "ID", description = "Only events of this game.")
          @Nullable List<String> games,
      @Option(
              names = "--target",
              paramLabel = "TARGET",
              description = "topic, or group:NAME. Default: topic")
          @Nullable String target,
      @Option(
              names = "--speed",
              paramLabel = "SPEED",
              description = "max, original, or a factor of the original timing. Default: max")
          @Nullable String speed,
      @Option(names = "--rate", paramLabel = "N", description = "At most so many events a second.")
          @Nullable Double rate,
      @Option(
              names = "--ttl",
              paramLabel = "TIME",
              description = "How long the topic is kept afterwards: 30m, 24h, 7d.")
          @Nullable String timeToLive,
      @Option(names = "--watch", description = "Show how far it is until it ends.") boolean watch)
      throws Exception {
    ObjectNode body = RestApi.object();
    putTime(body, "from", from);
    putTime(body, "to", to);
    putAll(body, "topics", topics);
    putAll(body, "types", types);
    putAll(body, "game_id", games);
    if (target != null) {
      body.put("target", target);
    }
    if (speed != null) {
      putSpeed(body, speed);
    }
    if (rate != null) {
      body.put("rate", rate);
    }
    if (timeToLive != null) {
      body.put("ttl", timeToLive);
    }
    String id = api.post(PATH, body).path("id").asText();
    out().println(id);
    return watch ? watch(api, id) : 0;
  }

  private static void putTime(ObjectNode body, String name, @Nullable String text) {
    if (text != null && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      body.put(name, Long.parseLong(text));
    } else if (text != null) {
      body.put(name, text);
    }
  }

  private static void putAll(ObjectNode body, String name, @Nullable List<String> values) {
    if (values != null) {
      values.forEach(body.withArray(name)::add);
    }
  }

  private static void putSpeed(ObjectNode body, String speed) {
    try {
      body.put("speed", Double.parseDouble(speed));
    } catch (NumberFormatException e) {
      // A word; the bus says which ones there are.
      body.put("speed", speed);
    }
  }

  @Command(name = "list", description = "Lists the replays, the newest first.")
  int list(@Mixin RestApi api) throws Exception {
    for (JsonNode replay : api.get(PATH).path("replays")) {
      out().println(ReplayBar.line(replay));
    }
    return 0;
  }

  @Command(name = "watch", description = "Shows how far a replay is, until it ends.")
  int watch(@Mixin RestApi api, @Parameters(paramLabel = "ID") String id) throws Exception {
    ReplayBar bar = new ReplayBar(out());
    while (true) {
      JsonNode replay = api.get(PATH + '/' + id);
      bar.show(replay);
      String state = replay.path("state").asText();
      if (ENDS.contains(state)) {
        bar.end(replay);
        return state.equals("completed") ? 0 : 1;
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  @Command(name = "pause", description = "Lets a replay stand still.")
  int pause(@Mixin RestApi api, @Parameters(paramLabel = "ID") String id) throws Exception {
    return wish(api, id, "pause");
  }

  @Command(name = "resume", description = "Lets a replay go on.")
  int resume(@Mixin RestApi api, @Parameters(paramLabel = "ID") String id) throws Exception {
    return wish(api, id, "resume");
  }

  @Command(name = "cancel", description = "Ends a replay before its end; keeps what it wrote.")
  int cancel(@Mixin RestApi api, @Parameters(paramLabel = "ID") String id) throws Exception {
    return wish(api, id, "cancel");
  }

  @Command(name = "delete", description = "Ends a replay, and deletes what it wrote.")
  int delete(@Mixin RestApi api, @Parameters(paramLabel = "ID") String id) throws Exception {
    out().println(ReplayBar.line(api.delete(PATH + '/' + id)));
    return 0;
  }

  private int wish(RestApi api, String id, String wish) throws Exception {
    out().println(ReplayBar.line(api.post(PATH + '/' + id + '/' + wish, RestApi.object())));
    return 0;
  }
}
