/**
 * Measures the gateway beside a plain Kafka producer, in one run on one broker.
 *
 * <p>Three JVMs: the broker, the gateway, and this one with the load; so the CPU of each can be
 * told apart. {@code load} makes the load, {@code decode} measures the decoder alone.
 */
@NullMarked
package io.jimbot.eventbus.bench;

import org.jspecify.annotations.NullMarked;
