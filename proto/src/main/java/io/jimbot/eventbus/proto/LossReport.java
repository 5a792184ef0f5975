package io.jimbot.eventbus.proto;

import io.jimbot.eventbus.proto.ProposedSchema.Verdict;
import io.jimbot.events.v1.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Counts what a proposed schema would do to events, with some examples of each kind of loss. Not
 * thread-safe.
 */
public final class LossReport {

  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
  private static final int MOST_KINDS = 1_000;

  private final int examples;
  private final Map<String, Count> counts = new TreeMap<>();
  private int events;
  private int unread;
  private int losing;

  private static final class Count {
    private int events;
    private final List<String> examples = new ArrayList<>();
  }

  /**
   * One kind of loss.
   *
   * @param what a path and in what way, or why events cannot be read at all
   * @param events how many it concerns
   * @param examples some of them, a line each
   */
  public record Kind(String what, int events, List<String> examples) {

    /** Copies. */
    public Kind {
      examples = List.copyOf(examples);
    }
  }

  /**
   * Of no event yet.
   *
   * @param examples how many are kept of each kind
   */
  public LossReport(int examples) {
    this.examples = examples;
  }

  /** Counts an event. */
  public void add(Event event, Verdict verdict) {
    events++;
    String failure = verdict.failure();
    if (failure != null) {
      unread++;
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
    if (counts.size() >= MOST_KINDS && !counts.containsKey(what)) {
      return;
    }
    Count count = counts.computeIfAbsent(what, w -> new Count());
    count.events++;
    if (count.examples.size() < examples) {
      count.examples.add(ProposedSchema.brief(event));
    }
  }

  /** How many events were looked at. */
  public int events() {
    return events;
  }

  /** How many of them could not be read at all. */
  public int unread() {
    return unread;
  }

  /** How many of them would be read and lose something. */
  public int losing() {
    return losing;
  }

  /** Whether all events would be read as they are. */
  public boolean isFine() {
    return unread + losing == 0;
  }

  /** The kinds of loss in the order of their words, at most {@value #MOST_KINDS}. */
  public List<Kind> kinds() {
    return counts.entrySet().stream()
        .map(kind -> new Kind(kind.getKey(), kind.getValue().events, kind.getValue().examples))
        .toList();
  }
}
