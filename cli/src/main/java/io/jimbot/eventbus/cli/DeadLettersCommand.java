package io.jimbot.eventbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eventbus dead-letters}: looks into dead letters, and redrives or discards them. */
@Command(
    name = "dead-letters",
    description = "Looks into dead letters, and redrives or discards them.",
    synopsisSubcommandLabel = "COMMAND")
final class DeadLettersCommand {

  private static final String ROOT = "/api/v1/dead-letters";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "list",
      description = {
        "Lists dead letters, one a line.",
        "Goes through one partition after another, so that only parts of it are in order of time."
      })
  int list(
      @Mixin RestApi api,
      @Mixin DeadLetterSelection selection,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "100",
              description = "How many at most. Default: ${DEFAULT-VALUE}")
          int limit,
      @Option(names = "--json", description = "Whole, as JSON.") boolean json)
      throws Exception {
    int left = limit;
    String cursor = "";
    do {
      JsonNode page =
          api.get(ROOT + "?limit=" + Math.min(left, 1_000) + selection.toQuery() + cursor);
      for (JsonNode letter : page.path("dead_letters")) {
        out().println(json ? letter.toString() : brief(letter));
        left--;
      }
      cursor = page.has("next_cursor") ? "&cursor=" + page.get("next_cursor").asText() : "";
    } while (!cursor.isEmpty() && left > 0);
    return 0;
  }

  private static String brief(JsonNode letter) {
    return String.join(
        " ",
        letter.path("id").asText(),
        letter.path("last_failed_at").asText(),
        letter.path("state").asText(),
        letter.path("stage").asText(),
        letter.path("reason").asText(),
        letter.path("event_type").asText("-"),
        letter.path("group").asText(letter.path("producer").asText("-")),
        letter.path("message").asText());
  }

  @Command(name = "show", description = "Shows one dead letter with its bytes.")
  int show(@Mixin RestApi api, @Parameters(paramLabel = "ID") String id) throws Exception {
    out().println(api.get(ROOT + "/" + id).toPrettyString());
    return 0;
  }

  @Command(name = "redrive", description = "Sends events again.")
  int redrive(
      @Mixin RestApi api,
      @Mixin DeadLetterSelection selection,
      @Mixin Asked asked,
      @Option(
              names = "--target",
              paramLabel = "TARGET",
              description = "log: to all; group: to the group that failed. Default: that, if any.")
          @Nullable String target)
      throws Exception {
    ObjectNode body = asked.body(selection);
    if (target != null) {
      body.put("target", target);
    }
    out().println(api.post(ROOT + "/redrive", body));
    return 0;
  }

  @Command(name = "discard", description = "Marks dead letters as done with.")
  int discard(@Mixin RestApi api, @Mixin DeadLetterSelection selection, @Mixin Asked asked)
      throws Exception {
    out().println(api.post(ROOT + "/discard", asked.body(selection)));
    return 0;
  }

  @Command(
      name = "actions",
      description = "Shows who asked for what, and what came of it, the latest first, one a line.")
  int actions(
      @Mixin RestApi api, @Parameters(paramLabel = "ID", arity = "0..1") @Nullable String id)
      throws Exception {
    if (id != null) {
      out().println(api.get(ROOT + "/actions/" + id).toPrettyString());
      return 0;
    }
    JsonNode page;
    String cursor = "";
    do {
      page = api.get(ROOT + "/actions?limit=1000" + cursor);
      page.path("actions").forEach(action -> out().println(action));
      cursor = "&cursor=" + page.path("next_cursor").asText();
    } while (page.has("next_cursor"));
    if (page.path("older_forgotten").asBoolean()) {
      spec.commandLine()
          .getErr()
          .println("eventbus: the gateway's memory has no room for earlier actions");
    }
    return 0;
  }

  /** What redrive and discard have in common. */
  static final class Asked {

    @Option(names = "--all", description = "All that are open.")
    private boolean all;

    @Option(names = "--dry-run", description = "Count only.")
    private boolean dryRun;

    @Option(names = "--rate", paramLabel = "N", description = "At most so many a second.")
    private @Nullable Integer rate;

    @Option(names = "--by", paramLabel = "NAME", description = "Who asks.")
    private @Nullable String by = System.getProperty("user.name");

    @Option(names = "--note", paramLabel = "TEXT", description = "Why.")
    private @Nullable String note;

    ObjectNode body(DeadLetterSelection selection) {
      ObjectNode body = RestApi.object();
      selection.addTo(body);
      if (all) {
        body.put("all", true);
      }
      if (dryRun) {
        body.put("dry_run", true);
      }
      if (rate != null) {
        body.put("rate", rate);
      }
      if (by != null) {
        body.put("by", by);
      }
      if (note != null) {
        body.put("note", note);
      }
      return body;
    }
  }
}
