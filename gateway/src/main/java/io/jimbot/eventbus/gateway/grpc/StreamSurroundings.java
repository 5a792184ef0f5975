package io.jimbot.eventbus.gateway.grpc;

import io.jimbot.eventbus.gateway.telemetry.GrpcMetrics;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What every stream needs. Immutable.
 *
 * @param settings the server's
 * @param refusals makes statuses
 * @param timer short tasks only; closed by whoever made it
 * @param metrics the server's
 */
record StreamSurroundings(
    GrpcSettings settings,
    Refusals refusals,
    ScheduledExecutorService timer,
    GrpcMetrics metrics) {}
