package io.jimbot.eventbus.processor;

import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.jimbot.eventbus.service.process.Service;
import io.jimbot.eventbus.service.telemetry.LoggingAssembly;
import io.jimbot.eventbus.service.telemetry.Telemetry;

/** The processor as a program of its own: sets this process's logging up, too. */
public final class ProcessorProgram implements Service {

  private final ProcessorServer server;
  private final DefaultLoggingFactory logging;

  private ProcessorProgram(ProcessorServer server, DefaultLoggingFactory logging) {
    this.server = server;
    this.logging = logging;
  }

  /**
   * Starts it.
   *
   * @throws Exception if the port cannot be had; nothing is left running then
   */
  public static ProcessorProgram start(ProcessorConfiguration configuration) throws Exception {
    Telemetry telemetry = new Telemetry();
    DefaultLoggingFactory logging =
        LoggingAssembly.configure(
            configuration.logging(), telemetry.frameworkRegistry(), "eventbus-processor");
    return new ProcessorProgram(ProcessorServer.start(configuration, telemetry), logging);
  }

  /** The port of its HTTP; -1 if it serves none. */
  public int httpPort() {
    return server.httpPort();
  }

  @Override
  public void close() {
    server.close();
    // Waits until the lines are written.
    logging.stop();
  }
}
