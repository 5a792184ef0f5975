/**
 * The form that values have in Kafka: plain Protobuf, or the Confluent wire format with its schemas
 * in a registry; both are read, mixed. Used by all that write to the bus's topics or read them.
 * Owns one thread, which watches the registry.
 */
@NullMarked
package io.jimbot.eventbus.wire;

import org.jspecify.annotations.NullMarked;
