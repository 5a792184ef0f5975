package io.jimbot.eventbus.standalone;

import io.jimbot.eventbus.service.process.Service;
import java.time.Duration;

/**
 * A gateway that serves. {@code close} takes no new work, waits in bounded time for what was begun,
 * and stops.
 */
interface RunningGateway extends Service {

  /** Waits until it takes events; false if it does not within that time. */
  boolean awaitReady(Duration patience) throws InterruptedException;

  /** The port of its HTTP, the real one where 0 was asked for. */
  int httpPort();

  /** The port of its gRPC, the real one where 0 was asked for. */
  int grpcPort();
}
