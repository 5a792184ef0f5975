/**
 * From bytes to an answer: decode, validate, identify, key, publish, and tell the caller what
 * became of each event.
 *
 * <p>Runs on the caller's thread up to the hand-over to Kafka's producer; answers come on the
 * producer's thread. Knows no HTTP and no gRPC class; may use {@code kafka}, {@code telemetry} and
 * the event module.
 */
@NullMarked
package io.jimbot.eventbus.gateway.ingest;

import org.jspecify.annotations.NullMarked;
