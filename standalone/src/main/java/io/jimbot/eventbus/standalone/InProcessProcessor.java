package io.jimbot.eventbus.standalone;

import io.jimbot.eventbus.processor.ProcessorConfiguration;
import io.jimbot.eventbus.processor.ProcessorServer;
import java.util.HashMap;
import java.util.Map;

/** Starts the processor beside the gateway: on the same Kafka, its state beside Kafka's. */
final class InProcessProcessor {

  /** Alone on its Kafka, and the same after a restart: no partition moves then. */
  private static final String INSTANCE = "standalone";

  private static final int SERVE_NOTHING = -1;

  private InProcessProcessor() {}

  /**
   * Returns at once; it works when it has come up.
   *
   * @throws StartException if its settings are not allowed or its port cannot be had
   */
  static ProcessorServer start(StandaloneSettings settings, String bootstrapServers) {
    Map<String, Object> overrides = new HashMap<>();
    overrides.put("kafka.bootstrapServers", bootstrapServers);
    overrides.put("streams.stateDirectory", settings.processorDirectory().toString());
    overrides.put("streams.instanceId", INSTANCE);
    Integer port = settings.processorPort();
    overrides.put("http.port", port == null ? SERVE_NOTHING : port);
    try {
      return ProcessorServer.start(
          ProcessorConfiguration.load(settings.processorConfig(), overrides));
    } catch (Exception e) {
      throw StartException.ofProcessor("--processor-port", e);
    }
  }
}
