package io.jimbot.eventbus.kafka.embedded;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaException.Reason;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Kafka's broker and controller put together as its own {@link KafkaRaftServer} does, but with our
 * sockets and our fault handlers. A boundary: whatever Kafka throws leaves as one exception. Used
 * by one thread at a time.
 */
final class KraftServer {

  private static final Logger LOG = LoggerFactory.getLogger(KraftServer.class);
  private static final Duration CONTROLLED_STOP = Duration.ofSeconds(10);

  private final Metrics metrics;
  private final BrokerServer broker;
  private final ControllerServer controller;

  private KraftServer(KafkaConfig config, BoundSockets sockets, FatalFaults faults) {
    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
        KafkaRaftServer.initializeLogDirs(config, LOG, "");
    metrics = Server.initializeMetrics(config, Time.SYSTEM, stored._1().clusterId().orElseThrow());
    QuorumConfig quorum = config.quorumConfig();
    SharedServer shared =
        new SharedServer(
            config,
            stored._1(),
            Time.SYSTEM,
            metrics,
            CompletableFuture.completedFuture(QuorumConfig.parseVoterConnections(quorum.voters())),
            QuorumConfig.parseBootstrapServers(quorum.bootstrapServers()),
            faults,
            sockets);
    broker = new BrokerServer(shared);
    controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
  }

  /**
   * Starts both and returns when clients are served.
   *
   * @throws EmbeddedKafkaException if that fails; everything that had started is stopped then
   */
  static KraftServer start(Properties properties, BoundSockets sockets, FatalFaults faults) {
    KraftServer server;
    try {
      server = new KraftServer(KafkaConfig.fromProps(properties, false), sockets, faults);
    } catch (Throwable e) {
      throw notStarted(e);
    }
    try {
      server.controller.startup();
      server.broker.startup();
      return server;
    } catch (Throwable e) {
      server.stop();
      throw notStarted(e);
    }
  }

  /**
   * Stops both, the broker first. Never throws: what one step throws is logged, the next goes on.
   */
  void stop() {
    step("broker", () -> broker.shutdown(CONTROLLED_STOP));
    step("controller", controller::shutdown);
    step("metrics", metrics::close);
  }

  private static void step(String name, Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.warn("Kafka's {} did not stop cleanly", name, e);
    }
  }

  private static EmbeddedKafkaException notStarted(Throwable cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return new EmbeddedKafkaException(
        Reason.BROKER, "Kafka did not start: " + cause.getMessage(), cause);
  }
}
