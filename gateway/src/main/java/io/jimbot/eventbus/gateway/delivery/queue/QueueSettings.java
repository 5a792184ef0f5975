package io.jimbot.eventbus.gateway.delivery.queue;

import io.jimbot.eventbus.gateway.settings.Setting;

/**
 * Subscriptions of queues.
 *
 * @param maxWorkers how many workers this gateway may have at a time, 1 to 100,000
 */
public record QueueSettings(int maxWorkers) {

  /** Checks the value. */
  public QueueSettings {
    Setting.between("delivery.queue.maxWorkers", maxWorkers, 1, 100_000);
  }
}
