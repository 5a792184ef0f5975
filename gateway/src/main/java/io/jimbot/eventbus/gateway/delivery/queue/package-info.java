/** Workers of queues, on Kafka's share groups: one reader each, and a decision for each event. */
@NullMarked
package io.jimbot.eventbus.gateway.delivery.queue;

import org.jspecify.annotations.NullMarked;
