package io.jimbot.eventbus.standalone;

/** Starts the product's gateway: the one place that knows its entry. */
final class GatewayServerStarter implements GatewayStarter {

  @Override
  public RunningGateway start(GatewayOptions options) {
    throw new UnsupportedOperationException("this build has no gateway yet");
  }
}
