package io.jimbot.eventbus.processor.retention;

/**
 * Where a topic is not as the catalogue says.
 *
 * @param topic the Kafka topic
 * @param setting Kafka's name of the setting, or {@code partitions}
 * @param actual as it is
 * @param wanted as the catalogue says
 * @param refusal why it is left so, for a person; empty if it is changed
 */
record Drift(String topic, String setting, String actual, String wanted, String refusal) {

  boolean refused() {
    return !refusal.isEmpty();
  }
}
