package io.jimbot.eventbus.gateway.replay;

import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * Managed replays.
 *
 * @param maxUnfinished how many replays may be unfinished at a time, 1 to 10,000; beyond it new
 *     ones are refused
 * @param maxKept how many may be known in all, finished ones included, 1 to 100,000
 * @param timeToLive how long a replay's own topic is kept after its end where the request does not
 *     say, 1 s to {@code maxTimeToLive}
 * @param maxTimeToLive the longest that a request may ask for, up to 365 d
 */
public record ReplaySettings(
    int maxUnfinished, int maxKept, Duration timeToLive, Duration maxTimeToLive) {

  /** Checks the values. */
  public ReplaySettings {
    Duration second = Duration.ofSeconds(1);
    Setting.between("replays.maxUnfinished", maxUnfinished, 1, 10_000);
    Setting.between("replays.maxKept", maxKept, 1, 100_000);
    Setting.between("replays.maxTimeToLive", maxTimeToLive, second, Duration.ofDays(365));
    Setting.between("replays.timeToLive", timeToLive, second, maxTimeToLive);
  }
}
