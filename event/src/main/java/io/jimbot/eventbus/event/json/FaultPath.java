package io.jimbot.eventbus.event.json;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells people where in an event a fault is: walks the event again, up to the fault, and writes
 * down the way. Only events that cannot be taken pay for their path.
 */
final class FaultPath {
  private static final int LONGEST_NAME = 64;
  private static final int MOST_STEPS = 32;

  private final JsonCursor cursor = new JsonCursor();
  private final List<Step> steps = new ArrayList<>();

  private FaultPath() {}

  /**
   * One level of the way: an element of a list if {@code index} is not negative, else a member of
   * an object; null for its name while none is reached.
   */
  private record Step(@Nullable String name, int index) {
    static final Step OBJECT = new Step(null, -1);
    static final Step LIST = new Step(null, 0);
  }

  /**
   * The path of a position, as a person writes it: {@code events[3].payload.jokers[0].id}.
   *
   * @param root what the path begins with; may be empty
   * @param from where the event begins
   * @param fault where the fault is; the beginning of a value means the value
   * @param to where to stop at the latest
   */
  static String of(String root, byte[] body, int from, int fault, int to) {
    FaultPath path = new FaultPath();
    path.cursor.reset(body, from, to, Integer.MAX_VALUE);
    try {
      path.walk(fault);
    } catch (EventFault reached) {
      return path.render(root);
    }
    return path.render(root);
  }

  private void walk(int fault) {
    do {
      byte next = cursor.peek();
      if (cursor.position() >= fault) {
        return;
      }
      if (next == '{' || next == '[') {
        cursor.take();
        steps.add(next == '{' ? Step.OBJECT : Step.LIST);
        if (enterFirst()) {
          continue;
        }
        steps.remove(steps.size() - 1);
      } else {
        cursor.skipValue(1);
      }
      if (cursor.position() > fault) {
        return;
      }
      while (!steps.isEmpty() && !enterNext()) {
        steps.remove(steps.size() - 1);
      }
    } while (!steps.isEmpty() && cursor.position() <= fault);
  }

  private boolean enterFirst() {
    boolean list = last().index() >= 0;
    return list ? cursor.nextElement(true) : cursor.nextMember(true) && enterMember();
  }

  private boolean enterNext() {
    Step last = last();
    if (last.index() < 0) {
      steps.set(steps.size() - 1, Step.OBJECT);
      return cursor.nextMember(false) && enterMember();
    }
    boolean more = cursor.nextElement(false);
    steps.set(steps.size() - 1, new Step(null, last.index() + 1));
    return more;
  }

  private boolean enterMember() {
    String name =
        JsonUnescaper.text(
            cursor.bytes(), cursor.stringFrom(), cursor.stringTo(), cursor.stringEscaped());
    steps.set(steps.size() - 1, new Step(name == null ? "?" : name, -1));
    return true;
  }

  private Step last() {
    return steps.get(steps.size() - 1);
  }

  private String render(String root) {
    StringBuilder path = new StringBuilder(root);
    for (Step step : steps.subList(0, Math.min(MOST_STEPS, steps.size()))) {
      if (step.index() >= 0) {
        path.append('[').append(step.index()).append(']');
      } else if (step.name() != null) {
        appendName(step.name(), path);
      }
    }
    return steps.size() > MOST_STEPS ? path.append('…').toString() : path.toString();
  }

  private static void appendName(String name, StringBuilder path) {
    boolean plain =
        !name.isEmpty()
            && name.length() <= LONGEST_NAME
            && name.chars().allMatch(c -> c == '_' || Character.isLetterOrDigit(c));
    if (plain) {
      path.append(path.isEmpty() ? "" : ".").append(name);
    } else {
      path.append("[\"").append(shortened(name).replaceAll("\\p{Cntrl}", "?")).append("\"]");
    }
  }

  private static String shortened(String name) {
    if (name.length() <= LONGEST_NAME) {
      return name;
    }
    boolean splitsPair = Character.isHighSurrogate(name.charAt(LONGEST_NAME - 1));
    return name.substring(0, splitsPair ? LONGEST_NAME - 1 : LONGEST_NAME) + "…";
  }
}
