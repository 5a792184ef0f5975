package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.gateway.delivery.games.GamesSettings;
import io.jimbot.eventbus.gateway.delivery.group.GroupSettings;
import io.jimbot.eventbus.gateway.delivery.history.HistorySettings;
import io.jimbot.eventbus.gateway.delivery.queue.QueueSettings;
import io.jimbot.eventbus.gateway.delivery.tail.TailSettings;
import io.jimbot.eventbus.gateway.http.EventStreamSettings;

/**
 * The way out. Immutable.
 *
 * @param tail subscriptions without a group
 * @param group members of consumer groups
 * @param queue workers of queues
 * @param history reading back
 * @param games the newest states of games
 * @param eventStream server-sent events
 */
public record DeliverySettings(
    TailSettings tail,
    GroupSettings group,
    QueueSettings queue,
    HistorySettings history,
    GamesSettings games,
    EventStreamSettings eventStream) {}
