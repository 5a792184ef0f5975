/** Retention against a real Kafka. */
@NullMarked
package io.jimbot.eventbus.processor.retention;

import org.jspecify.annotations.NullMarked;
