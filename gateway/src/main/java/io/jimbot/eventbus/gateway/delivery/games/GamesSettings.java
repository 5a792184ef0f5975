package io.jimbot.eventbus.gateway.delivery.games;

import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * The newest states of games.
 *
 * @param maxGames of how many games it is known where their state lies, those heard of last, 1 to
 *     10,000,000; some 200 bytes each
 * @param maxTime how long is read for one state, 10 ms to 60 s
 * @param maxWaiting how many requests wait for a state, 1 to 10,000; beyond it they are refused
 */
public record GamesSettings(int maxGames, Duration maxTime, int maxWaiting) {

  /** Checks the values. */
  public GamesSettings {
    Setting.between("delivery.games.maxGames", maxGames, 1, 10_000_000);
    Setting.between(
        "delivery.games.maxTime", maxTime, Duration.ofMillis(10), Duration.ofSeconds(60));
    Setting.between("delivery.games.maxWaiting", maxWaiting, 1, 10_000);
  }
}
