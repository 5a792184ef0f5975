package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Which events a subscriber wants: those of any of the topics that meet every condition given.
 * Equal filters decide alike, so that they can be asked once for many subscribers. Immutable.
 *
 * @param topics patterns of logical topics, at least one
 * @param types canonical event types; empty for any
 * @param sources sources; empty for any
 * @param games games; empty for any
 * @param metadata entries that the event's metadata must have; empty for any
 */
public record EventFilter(
    List<TopicPattern> topics,
    Set<String> types,
    Set<String> sources,
    Set<String> games,
    Map<String, String> metadata) {

  /** Copies. */
  public EventFilter {
    topics = List.copyOf(topics);
    types = Set.copyOf(types);
    sources = Set.copyOf(sources);
    games = Set.copyOf(games);
    metadata = Map.copyOf(metadata);
    if (topics.isEmpty()) {
      throw new IllegalArgumentException("at least one topic pattern is needed");
    }
  }

  /**
   * Whether it is wanted by somebody who is not a member of a group. Only the headers are looked
   * at, unless metadata is asked for, and once for all filters then.
   */
  public boolean matches(StoredEvent event) {
    return event.forGroup() == null && describes(event);
  }

  /** Whether a group wants it: one that is meant for another group is not wanted. */
  public boolean matches(StoredEvent event, String group) {
    String only = event.forGroup();
    return (only == null || only.equals(group)) && describes(event);
  }

  private boolean describes(StoredEvent event) {
    return event.isEvent()
        && (types.isEmpty() || types.contains(event.type()))
        && isAmong(sources, event.source())
        && isAmong(games, event.gameId())
        && isOfTopic(event.topic())
        && (metadata.isEmpty() || event.metadata().containsAll(metadata));
  }

  /** Eight hexadecimal digits that are the same for equal filters, in any process. */
  public String fingerprint() {
    CRC32 sum = new CRC32();
    add(topics.stream().map(TopicPattern::text).toList(), sum);
    add(types, sum);
    add(sources, sum);
    add(games, sum);
    add(metadata.keySet(), sum);
    new TreeMap<>(metadata).values().forEach(value -> add(value, sum));
    return String.format(Locale.ROOT, "%08x", sum.getValue());
  }

  private static void add(Collection<String> texts, CRC32 sum) {
    Set<String> sorted = new TreeSet<>(texts);
    sum.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, sorted.size()));
    sorted.forEach(text -> add(text, sum));
  }

  /** With its length before it: no two lists of texts are the same bytes. */
  private static void add(String text, CRC32 sum) {
    byte[] bytes = text.getBytes(UTF_8);
    sum.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    sum.update(bytes);
  }

  private static boolean isAmong(Set<String> wanted, @Nullable String value) {
    return wanted.isEmpty() || (value != null && wanted.contains(value));
  }

  private boolean isOfTopic(String topic) {
    for (TopicPattern pattern : topics) {
      if (pattern.matches(topic)) {
        return true;
      }
    }
    return false;
  }
}
