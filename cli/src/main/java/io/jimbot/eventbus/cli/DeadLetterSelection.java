package io.jimbot.eventbus.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters, as the flags say. Each may come several times. */
final class DeadLetterSelection {

  @Option(names = "--id", paramLabel = "ID", description = "That dead letter.")
  private List<String> ids = List.of();

  @Option(names = "--reason", paramLabel = "REASON", description = "That failed for it.")
  private List<String> reasons = List.of();

  @Option(names = "--type", paramLabel = "TYPE", description = "Of that event type.")
  private List<String> types = List.of();

  @Option(names = "--source", paramLabel = "NAME", description = "Of that source or producer.")
  private List<String> sources = List.of();

  @Option(names = "--group", paramLabel = "GROUP", description = "That failed at that group.")
  private List<String> groups = List.of();

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "decode, validate, publish, process or deliver.")
  private List<String> stages = List.of();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "parked, scheduled, redriven, discarded or repeated.")
  private List<String> states = List.of();

  @Option(names = "--from", paramLabel = "TIME", description = "Failed last at this time or later.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Failed last before this time.")
  private @Nullable String to;

  private Map<String, List<String>> conditions() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    all.put("id", ids);
    all.put("reason", reasons);
    all.put("type", types);
    all.put("source", sources);
    all.put("group", groups);
    all.put("stage", stages);
    all.put("state", states);
    all.put("from", from == null ? List.of() : List.of(from));
    all.put("to", to == null ? List.of() : List.of(to));
    all.values().removeIf(List::isEmpty);
    return all;
  }

  /** Into the body of an action. */
  void addTo(ObjectNode body) {
    conditions()
        .forEach(
            (name, values) -> {
              if (name.equals("from") || name.equals("to")) {
                body.put(name, values.get(0));
              } else {
                values.forEach(value -> body.withArray(name).add(value));
              }
            });
  }

  /** As the parameters of a list. */
  String toQuery() {
    return conditions().entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .map(
                        value ->
                            "&"
                                + entry.getKey()
                                + "="
                                + URLEncoder.encode(value, StandardCharsets.UTF_8)))
        .collect(Collectors.joining());
  }
}
