package io.jimbot.eventbus.gateway;

import io.jimbot.eventbus.service.process.ServiceProgram;
import java.util.Map;

/** The gateway's own program, as it runs in a container: {@code --config FILE}. */
public final class GatewayMain {

  private GatewayMain() {}

  /**
   * Runs a gateway until SIGTERM, which lets finish what was begun, and ends the process with its
   * exit code.
   */
  public static void main(String[] arguments) {
    ServiceProgram program =
        new ServiceProgram(
            "eventbus-gateway",
            config -> GatewayServer.start(GatewayConfiguration.load(config, Map.of())));
    System.exit(program.run(arguments));
  }
}
