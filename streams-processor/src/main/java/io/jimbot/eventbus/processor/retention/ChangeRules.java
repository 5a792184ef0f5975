package io.jimbot.eventbus.processor.retention;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Which changes of a topic are made. One by which data goes that would have stayed is made only for
 * topics that the operator has named, and so is one that moves keys to other partitions. Immutable.
 *
 * @param mayDelete topics that may lose data
 * @param mayGrow topics that may have more partitions
 */
record ChangeRules(Set<String> mayDelete, Set<String> mayGrow) {

  static final String PARTITIONS = "partitions";

  /** The drift of a setting. */
  Drift setting(String topic, String setting, String actual, String wanted) {
    String loss = mayDelete.contains(topic) ? "" : loss(setting, actual, wanted);
    String refusal =
        loss.isEmpty()
            ? ""
            : loss + "; name the topic in retention.allowDeletion if that is what you want";
    return new Drift(topic, setting, actual, wanted, refusal);
  }

  /** The drift of the number of partitions. */
  Drift partitions(String topic, int actual, int wanted) {
    String refusal = "";
    if (wanted < actual) {
      refusal = "Kafka cannot take partitions away";
    } else if (!mayGrow.contains(topic)) {
      refusal =
          "keys would move to other partitions, away from their earlier events; name the topic in retention.allowPartitionGrowth if that is what you want";
    }
    return new Drift(
        topic, PARTITIONS, Integer.toString(actual), Integer.toString(wanted), refusal);
  }

  /** How the change would delete data; empty if it would not. */
  private static String loss(String setting, String actual, String wanted) {
    return switch (setting) {
      case TopicConfig.RETENTION_MS_CONFIG ->
          isLess(wanted, actual) ? "events would be deleted that are kept longer now" : "";
      case TopicConfig.RETENTION_BYTES_CONFIG ->
          isLess(wanted, actual) ? "events would be deleted that have room now" : "";
      case TopicConfig.CLEANUP_POLICY_CONFIG ->
          List.of(actual.split(",")).containsAll(List.of(wanted.split(",")))
              ? ""
              : "events would be deleted by " + wanted + " that " + actual + " keeps";
      default -> "";
    };
  }

  /** Where a negative number is any amount. */
  private static boolean isLess(String wanted, String actual) {
    long most = Long.parseLong(actual) < 0 ? Long.MAX_VALUE : Long.parseLong(actual);
    long now = Long.parseLong(wanted) < 0 ? Long.MAX_VALUE : Long.parseLong(wanted);
    return now < most;
  }
}
