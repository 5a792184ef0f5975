package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.gateway.delivery.group.GroupSettings;
import io.jimbot.eventbus.gateway.delivery.history.HistorySettings;
import io.jimbot.eventbus.gateway.delivery.queue.QueueSettings;
import io.jimbot.eventbus.gateway.delivery.tail.TailSettings;

/**
 * The way out. Immutable.
 *
 * @param tail subscriptions without a group
 * @param group members of consumer groups
 * @param queue workers of queues
 * @param history reading back
 */
public record DeliverySettings(
    TailSettings tail, GroupSettings group, QueueSettings queue, HistorySettings history) {}
