package io.jimbot.eventbus.gateway.delivery.games;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Of each game the place of its newest state; beyond a number of games those that were heard of
 * longest ago are forgotten. Thread-safe.
 */
final class GameIndex {

  private final int maxGames;

  /** In the order in which they were heard of. */
  private final Map<String, GamePlace> places = new LinkedHashMap<>();

  GameIndex(int maxGames) {
    this.maxGames = maxGames;
  }

  synchronized void put(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String game = new String(record.key(), UTF_8);
    places.remove(game);
    if (record.value() == null) {
      return;
    }
    places.put(game, new GamePlace(game, record.partition(), record.offset(), record.timestamp()));
    if (places.size() > maxGames) {
      Iterator<String> longestAgo = places.keySet().iterator();
      longestAgo.next();
      longestAgo.remove();
    }
  }

  synchronized void clear() {
    places.clear();
  }

  synchronized @Nullable GamePlace get(String game) {
    return places.get(game);
  }

  synchronized int size() {
    return places.size();
  }

  /**
   * Games in the order of their ids.
   *
   * @param after those after this id; empty for all
   */
  synchronized List<GamePlace> list(String after, int limit) {
    return places.values().stream()
        .filter(place -> place.game().compareTo(after) > 0)
        .sorted(Comparator.comparing(GamePlace::game))
        .limit(limit)
        .toList();
  }
}
