package io.jimbot.eventbus.gateway.command;

import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * The commands back to the game.
 *
 * @param timeToLive how long a command waits for a poll if its sender does not say, 100 ms to
 *     {@code maxTimeToLive}
 * @param maxTimeToLive the longest that a sender may ask for, up to 1 h; the topic must keep
 *     records longer than that
 * @param maxPending how many commands may wait, 1 to 100,000; beyond it new ones are refused
 * @param maxPerPoll how many commands one poll is given, 1 to 1000
 * @param claimTimeout how long a poll waits for its claims to be decided, 10 ms to 10 s; the game
 *     stands still meanwhile
 * @param maxSenders of how many senders it is remembered which game they play, 1 to 1,000,000
 * @param senderMemory for how long it is remembered after their last event, 1 s to 1 d
 */
public record CommandSettings(
    Duration timeToLive,
    Duration maxTimeToLive,
    int maxPending,
    int maxPerPoll,
    Duration claimTimeout,
    int maxSenders,
    Duration senderMemory) {

  /** Checks the values. */
  public CommandSettings {
    Duration least = Duration.ofMillis(100);
    Setting.between("commands.maxTimeToLive", maxTimeToLive, least, Duration.ofHours(1));
    Setting.between("commands.timeToLive", timeToLive, least, maxTimeToLive);
    Setting.between("commands.maxPending", maxPending, 1, 100_000);
    Setting.between("commands.maxPerPoll", maxPerPoll, 1, 1000);
    Setting.between(
        "commands.claimTimeout", claimTimeout, Duration.ofMillis(10), Duration.ofSeconds(10));
    Setting.between("commands.maxSenders", maxSenders, 1, 1_000_000);
    Setting.between(
        "commands.senderMemory", senderMemory, Duration.ofSeconds(1), Duration.ofDays(1));
  }
}
