/**
 * The gRPC server: publishing, subscribing and acknowledging, and the mapping of every refusal to a
 * status. A thin peer of {@code http}: knows no Kafka class.
 */
@NullMarked
package io.jimbot.eventbus.gateway.grpc;

import org.jspecify.annotations.NullMarked;
