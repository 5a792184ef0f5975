package io.jimbot.eventbus.gateway.delivery.history;

import io.jimbot.eventbus.gateway.settings.Setting;

/**
 * Reading back.
 *
 * @param maxEvents how many events one answer may hold, 1 to 100,000
 */
public record HistorySettings(int maxEvents) {

  /** Checks the value. */
  public HistorySettings {
    Setting.between("delivery.history.maxEvents", maxEvents, 1, 100_000);
  }
}
