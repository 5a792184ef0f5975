/**
 * A real single-node Kafka, broker and controller in one, inside this JVM.
 *
 * <p>{@link io.jimbot.eventbus.kafka.embedded.EmbeddedKafka} is the way in. Starting runs on the
 * caller's thread, stopping on a thread of its own that the caller waits for; in between all work
 * is done by Kafka's own threads. May import Kafka's server and client libraries and SLF4J, and
 * nothing else of this product. The classes of Kafka's server are no public interface of Kafka's:
 * they are used here and nowhere else, so that a new version is met in this package only.
 */
@NullMarked
package io.jimbot.eventbus.kafka.embedded;

import org.jspecify.annotations.NullMarked;
