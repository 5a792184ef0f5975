/**
 * The gateway's connection to Kafka: publish without ever blocking, know whether Kafka answers,
 * make the topics, follow one of them.
 *
 * <p>Threads: {@code kafka-probe} (one daemon, owns the admin client and the producer's life), the
 * producer's own sender thread, on which callbacks run, and one daemon for each {@link
 * io.jimbot.eventbus.gateway.kafka.TopicFollower}, named by whoever made it. May use {@code
 * telemetry}; knows no HTTP and no gRPC class.
 */
@NullMarked
package io.jimbot.eventbus.gateway.kafka;

import org.jspecify.annotations.NullMarked;
