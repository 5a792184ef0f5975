/** The bus's topics in Kafka. */
@NullMarked
package io.jimbot.eventbus.service.kafka;

import org.jspecify.annotations.NullMarked;
