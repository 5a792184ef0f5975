package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * What becomes of dead letters.
 *
 * @param retryDelay how long after its failure a retryable one comes again for the first time, 10
 *     ms to 1 day; doubled each time after, less up to a fifth at random
 * @param maxRetryDelay the longest of these pauses, 10 ms to 7 days
 * @param maxRetries how often an event comes again by itself before it is parked, 0 to 100
 * @param maxRedrives how often it may come again at all, 1 to 1000
 * @param redriveRate how many a second an action deals with, unless it says less; 1 to 1,000,000
 * @param repeatWindow within what time the same piece of the same producer that fails for the same
 *     reason is a repeat, 1 s to 1 day
 * @param keep how long dead letters are kept, as long as their topic does; 1 minute to 10 years
 * @param partitions of the topics of actions and states, 1 to 1000
 */
public record DeadLetterSettings(
    Duration retryDelay,
    Duration maxRetryDelay,
    int maxRetries,
    int maxRedrives,
    int redriveRate,
    Duration repeatWindow,
    Duration keep,
    int partitions) {

  /** Checks the values. */
  public DeadLetterSettings {
    Setting.between(
        "deadLetters.retryDelay", retryDelay, Duration.ofMillis(10), Duration.ofDays(1));
    Setting.between(
        "deadLetters.maxRetryDelay", maxRetryDelay, Duration.ofMillis(10), Duration.ofDays(7));
    Setting.between("deadLetters.maxRetries", maxRetries, 0, 100);
    Setting.between("deadLetters.maxRedrives", maxRedrives, 1, 1_000);
    Setting.between("deadLetters.redriveRate", redriveRate, 1, 1_000_000);
    Setting.between(
        "deadLetters.repeatWindow", repeatWindow, Duration.ofSeconds(1), Duration.ofDays(1));
    Setting.between("deadLetters.keep", keep, Duration.ofMinutes(1), Duration.ofDays(3_650));
    Setting.between("deadLetters.partitions", partitions, 1, 1_000);
  }

  /**
   * How long an event waits.
   *
   * @param redriven how often it has come again
   * @param random from 0 to 1, 1 left out
   */
  Duration delay(int redriven, double random) {
    long delay = retryDelay.toMillis() << Math.min(redriven, 30);
    long most = maxRetryDelay.toMillis();
    long bounded = delay <= 0 || delay > most ? most : delay;
    return Duration.ofMillis((long) (bounded * (1 - random / 5)));
  }
}
