package io.jimbot.eventbus.kafka.embedded;

import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaException.Reason;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code kafka-storage.sh format} does: gives a new directory the identity of a cluster, with
 * the feature levels of this Kafka's release. The identity is the last file that is written, so a
 * process that dies in between leaves a directory that is simply formatted again.
 */
final class StorageFormat {

  private static final Logger LOG = LoggerFactory.getLogger(StorageFormat.class);
  private static final String IDENTITY = "meta.properties";
  private static final String METADATA_LOG = "__cluster_metadata-0";

  private StorageFormat() {}

  /**
   * Formats the directory unless that has been done.
   *
   * @throws EmbeddedKafkaException if it cannot be written to, or holds a log but no identity
   */
  static void formatIfNew(Path directory) {
    if (Files.exists(directory.resolve(IDENTITY))) {
      return;
    }
    if (Files.exists(directory.resolve(METADATA_LOG))) {
      throw new EmbeddedKafkaException(
          Reason.DATA_DIRECTORY,
          "Kafka's data directory %s holds data, but its %s is gone. Put the file back, or choose another directory"
              .formatted(directory, IDENTITY),
          null);
    }
    String clusterId = Uuid.randomUuid().toString();
    try {
      format(directory.toString(), clusterId);
    } catch (Exception e) {
      throw new EmbeddedKafkaException(
          Reason.DATA_DIRECTORY,
          "Kafka's data directory %s could not be formatted: %s".formatted(directory, e),
          e);
    }
    LOG.info("Formatted {} for the new cluster {}", directory, clusterId);
  }

  private static void format(String directory, String clusterId) throws Exception {
    try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream())) {
      new Formatter()
          .setPrintStream(nowhere)
          .setNodeId(ServerProperties.NODE_ID)
          .setClusterId(clusterId)
          .setDirectories(new ArrayList<>(List.of(directory)))
          .setMetadataLogDirectory(directory)
          .setControllerListenerName(BoundSockets.CONTROLLER_LISTENER)
          .run();
    }
  }
}
