package io.jimbot.eventbus.standalone;

/** Starts a gateway. */
@FunctionalInterface
interface GatewayStarter {

  /**
   * Returns when the gateway serves.
   *
   * @throws Exception if it does not start, with a message for a person; nothing is left running
   *     then
   */
  RunningGateway start(GatewayOptions options) throws Exception;
}
