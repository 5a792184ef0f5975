/** How long an event takes from its publisher to a subscriber, beside Kafka's own way. */
@NullMarked
package io.jimbot.eventbus.bench.delivery;

import org.jspecify.annotations.NullMarked;
