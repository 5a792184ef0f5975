package io.jimbot.eventbus.kafka.embedded;

import java.util.Properties;

/** The broker's {@code server.properties}, in groups that say why a value is what it is. */
final class ServerProperties {

  /** The only node of the cluster; a directory that was formatted for another one does not open. */
  static final int NODE_ID = 1;

  private static final String LOOPBACK = "127.0.0.1";
  private static final int MIB = 1024 * 1024;

  /** The largest batch that a topic takes unless it says otherwise, in bytes. */
  private static final int LARGEST_BATCH = 16 * MIB;

  private static final int INTERNAL_TOPIC_PARTITIONS = 4;

  private ServerProperties() {}

  /** Everything but the caller's overrides, then these on top. */
  static Properties of(EmbeddedKafkaSettings settings, BoundSockets sockets) {
    Properties properties = new Properties();
    identity(properties, settings, sockets);
    topics(properties, settings.defaultPartitions());
    internalTopics(properties);
    startAndStop(properties);
    memory(properties);
    properties.putAll(settings.brokerOverrides());
    return properties;
  }

  /** The address that clients of this JVM are given, {@code host:port}. */
  static String clientAddress(EmbeddedKafkaSettings settings, BoundSockets sockets) {
    String host = sockets.listensEverywhere() ? LOOPBACK : bracketed(settings.host());
    return host + ":" + sockets.brokerPort();
  }

  private static void identity(
      Properties properties, EmbeddedKafkaSettings settings, BoundSockets sockets) {
    String controller = LOOPBACK + ":" + sockets.controllerPort();
    set(properties, "process.roles", "broker,controller");
    set(properties, "node.id", NODE_ID);
    set(properties, "log.dirs", settings.dataDirectory());
    set(
        properties,
        "listeners",
        "%s://%s:%d,%s://%s"
            .formatted(
                BoundSockets.BROKER_LISTENER,
                bracketed(settings.host()),
                sockets.brokerPort(),
                BoundSockets.CONTROLLER_LISTENER,
                controller));
    set(
        properties,
        "advertised.listeners",
        BoundSockets.BROKER_LISTENER + "://" + clientAddress(settings, sockets));
    set(
        properties,
        "listener.security.protocol.map",
        BoundSockets.BROKER_LISTENER
            + ":PLAINTEXT,"
            + BoundSockets.CONTROLLER_LISTENER
            + ":PLAINTEXT");
    set(properties, "inter.broker.listener.name", BoundSockets.BROKER_LISTENER);
    set(properties, "controller.listener.names", BoundSockets.CONTROLLER_LISTENER);
    // A voter that is named here, rather than in the log, may have another port at each start.
    set(properties, "controller.quorum.voters", NODE_ID + "@" + controller);
  }

  private static void topics(Properties properties, int defaultPartitions) {
    set(properties, "auto.create.topics.enable", false);
    set(properties, "num.partitions", defaultPartitions);
    set(properties, "default.replication.factor", 1);
    set(properties, "min.insync.replicas", 1);
    set(properties, "message.max.bytes", LARGEST_BATCH);
    set(properties, "replica.fetch.max.bytes", LARGEST_BATCH);
    set(properties, "replica.fetch.response.max.bytes", LARGEST_BATCH);
  }

  /** One replica, because there is one node; few partitions, because each costs at every start. */
  private static void internalTopics(Properties properties) {
    set(properties, "offsets.topic.replication.factor", 1);
    set(properties, "offsets.topic.num.partitions", INTERNAL_TOPIC_PARTITIONS);
    set(properties, "transaction.state.log.replication.factor", 1);
    set(properties, "transaction.state.log.min.isr", 1);
    set(properties, "transaction.state.log.num.partitions", INTERNAL_TOPIC_PARTITIONS);
    set(properties, "share.coordinator.state.topic.replication.factor", 1);
    set(properties, "share.coordinator.state.topic.min.isr", 1);
    set(properties, "share.coordinator.state.topic.num.partitions", INTERNAL_TOPIC_PARTITIONS);
  }

  /**
   * After a kill the new process is let in only when the old one's session has run out: 9 s by
   * default. A clean stop tells the controller and needs no wait.
   */
  private static void startAndStop(Properties properties) {
    set(properties, "controlled.shutdown.enable", true);
    set(properties, "broker.session.timeout.ms", 3_000);
    set(properties, "broker.heartbeat.interval.ms", 500);
    // Recovery after a kill reads what was not flushed, so this is generous; the default is never.
    set(properties, "server.max.startup.time.ms", 600_000);
    // There is no second member to wait for when the first one of a group comes.
    set(properties, "group.initial.rebalance.delay.ms", 0);
  }

  /** The default, 128 MiB, is taken at the start whether or not a topic is compacted. */
  private static void memory(Properties properties) {
    set(properties, "log.cleaner.dedupe.buffer.size", 16 * MIB);
  }

  private static String bracketed(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  private static void set(Properties properties, String name, Object value) {
    properties.setProperty(name, value.toString());
  }
}
