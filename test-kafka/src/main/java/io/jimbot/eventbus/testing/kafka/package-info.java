/** A Kafka for tests: the same tests run against the broker in this JVM and against a container. */
@NullMarked
package io.jimbot.eventbus.testing.kafka;

import org.jspecify.annotations.NullMarked;
