package io.jimbot.eventbus.gateway.delivery.tail;

import io.jimbot.eventbus.gateway.settings.Setting;

/**
 * Subscriptions without a group.
 *
 * @param maxSubscriptions how many may be open at a time, 1 to 100,000
 */
public record TailSettings(int maxSubscriptions) {

  /** Checks the value. */
  public TailSettings {
    Setting.between("delivery.tail.maxSubscriptions", maxSubscriptions, 1, 100_000);
  }
}
