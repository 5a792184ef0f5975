package io.jimbot.eventbus.gateway.delivery.group;

import io.jimbot.eventbus.gateway.settings.Setting;

/**
 * Subscriptions of consumer groups.
 *
 * @param maxMembers how many members this gateway may have at a time, 1 to 100,000
 */
public record GroupSettings(int maxMembers) {

  /** Checks the value. */
  public GroupSettings {
    Setting.between("delivery.group.maxMembers", maxMembers, 1, 100_000);
  }
}
