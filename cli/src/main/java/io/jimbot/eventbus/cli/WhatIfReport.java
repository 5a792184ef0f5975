package io.jimbot.eventbus.cli;

import io.jimbot.eventbus.proto.ProposedSchema;
import io.jimbot.eventbus.proto.ProposedSchema.Verdict;
import io.jimbot.events.v1.Event;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Counts what a proposed schema would do to events, with some examples of each loss. */
final class WhatIfReport {

  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
  private static final int MOST_KINDS = 1_000;

  private final int examples;
  private final Map<String, Kind> kinds = new TreeMap<>();
  private int events;
  private int failed;
  private int losing;

  private static final class Kind {
    private int events;
    private final List<String> examples = new ArrayList<>();
  }

  WhatIfReport(int examples) {
    this.examples = examples;
  }

  void add(Event event, Verdict verdict) {
    events++;
    String failure = verdict.failure();
    if (failure != null) {
      failed++;
      count("cannot be read: " + failure, event);
    } else if (!verdict.losses().isEmpty()) {
      losing++;
      Set<String> once = new HashSet<>();
      for (String loss : verdict.losses()) {
        String kind = INDEX.matcher(loss).replaceAll("[*]");
        if (once.add(kind)) {
          count(kind, event);
        }
      }
    }
  }

  private void count(String what, Event event) {
    if (kinds.size() >= MOST_KINDS && !kinds.containsKey(what)) {
      return;
    }
    Kind kind = kinds.computeIfAbsent(what, w -> new Kind());
    kind.events++;
    if (kind.examples.size() < examples) {
      kind.examples.add(ProposedSchema.brief(event));
    }
  }

  boolean isFine() {
    return failed + losing == 0;
  }

  void print(PrintWriter out) {
    kinds.forEach(
        (what, kind) -> {
          out.println(kind.events + " × " + what);
          kind.examples.forEach(example -> out.println("    " + example));
        });
    out.println(
        "Of "
            + events
            + " events "
            + failed
            + " would not be read, "
            + losing
            + " would lose something.");
  }
}
