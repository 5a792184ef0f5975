/** Tests of what the parts stand on, against a real Kafka. */
@NullMarked
package io.jimbot.eventbus.processor.kafka;

import org.jspecify.annotations.NullMarked;
