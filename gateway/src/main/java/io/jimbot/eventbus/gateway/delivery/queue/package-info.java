/** Workers of queues, that is of Kafka share groups. */
@NullMarked
package io.jimbot.eventbus.gateway.delivery.queue;

import org.jspecify.annotations.NullMarked;
