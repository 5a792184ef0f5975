package io.jimbot.eventbus.service.record;

import java.util.List;

/**
 * A pattern of logical topics: segments between dots, {@code *} for any one segment, {@code **} as
 * the last one for one or more that follow. Immutable.
 *
 * @param text the pattern as written
 */
public record TopicPattern(String text) {

  /** Longest pattern, in characters. */
  public static final int MAX_LENGTH = 256;

  private static final String ANY = "*";
  private static final String REST = "**";

  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException if it is none; the message says why, for a person
   */
  public TopicPattern {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a topic pattern has 1 to " + MAX_LENGTH + " characters, not " + text.length());
    }
    List<String> segments = segments(text);
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (segment.equals(REST) && i < segments.size() - 1) {
        throw new IllegalArgumentException("** may only be the last segment of a topic pattern");
      }
      if (!segment.equals(REST) && !segment.equals(ANY) && !isName(segment)) {
        throw new IllegalArgumentException(
            "a segment of a topic pattern is *, ** or a name of a-z, 0-9, _ and -, not '"
                + segment
                + "'");
      }
    }
  }

  /** Whether a logical topic matches. */
  public boolean matches(String topic) {
    int at = 0;
    int topicAt = 0;
    while (at <= text.length()) {
      if (topicAt > topic.length()) {
        return false;
      }
      int end = endOfSegment(text, at);
      if (is(REST, at, end)) {
        return true;
      }
      int topicEnd = endOfSegment(topic, topicAt);
      boolean same =
          end - at == topicEnd - topicAt && text.regionMatches(at, topic, topicAt, end - at);
      if (!same && !is(ANY, at, end)) {
        return false;
      }
      at = end + 1;
      topicAt = topicEnd + 1;
    }
    return topicAt > topic.length();
  }

  private boolean is(String word, int from, int to) {
    return to - from == word.length() && text.startsWith(word, from);
  }

  private static int endOfSegment(String dotted, int from) {
    int dot = dotted.indexOf('.', from);
    return dot < 0 ? dotted.length() : dot;
  }

  private static List<String> segments(String dotted) {
    return List.of(dotted.split("\\.", -1));
  }

  private static boolean isName(String segment) {
    return !segment.isEmpty()
        && segment
            .chars()
            .allMatch(
                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-');
  }
}
