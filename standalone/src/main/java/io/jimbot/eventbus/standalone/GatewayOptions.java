package io.jimbot.eventbus.standalone;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says about the gateway; it goes before what the file says, and the file
 * before the gateway's defaults.
 *
 * @param configFile the gateway's YAML; null for the defaults
 * @param httpPort 0 to 65535, 0 for any free one; null if not said
 * @param grpcPort the same for gRPC
 * @param bootstrapServers where Kafka is, {@code host:port}; null if not said
 */
record GatewayOptions(
    @Nullable Path configFile,
    @Nullable Integer httpPort,
    @Nullable Integer grpcPort,
    @Nullable String bootstrapServers) {}
