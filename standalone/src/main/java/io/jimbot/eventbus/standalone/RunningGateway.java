package io.jimbot.eventbus.standalone;

/**
 * A gateway that serves. {@code close} takes no new work, waits in bounded time for what was begun,
 * and stops.
 */
interface RunningGateway extends Service {

  /** The port of its HTTP, the real one where 0 was asked for. */
  int httpPort();
}
