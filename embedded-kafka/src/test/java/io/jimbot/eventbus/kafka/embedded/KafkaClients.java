package io.jimbot.eventbus.kafka.embedded;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What the tests do with a broker, in blocking steps, each bounded by the client's own timeout. */
record KafkaClients(String bootstrapServers) {

  private static final int LARGEST_REQUEST = 16 * 1024 * 1024;

  void createTopic(String topic, int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }
  }

  Set<String> topics() throws Exception {
    try (Admin admin = admin()) {
      return admin.listTopics().names().get();
    }
  }

  /** Returns when every record has been acknowledged. */
  void produce(String topic, List<String> values) throws Exception {
    try (KafkaProducer<String, String> producer = producer()) {
      List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
      for (String value : values) {
        acknowledgements.add(producer.send(new ProducerRecord<>(topic, "key", value)));
      }
      for (Future<RecordMetadata> acknowledgement : acknowledgements) {
        acknowledgement.get();
      }
    }
  }

  /** Reads on where the group stands, until {@code count} records have come, and commits. */
  List<String> consume(String topic, String group, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = consumer(group)) {
      consumer.subscribe(List.of(topic));
      await()
          .atMost(Duration.ofSeconds(30))
          .pollDelay(Duration.ZERO)
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(200))
                    .forEach(consumed -> values.add(consumed.value()));
                return values.size() >= count;
              });
      consumer.commitSync();
    }
    return values;
  }

  KafkaProducer<String, String> producer() {
    Map<String, Object> settings = common();
    settings.put("acks", "all");
    settings.put("max.request.size", LARGEST_REQUEST);
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  Admin admin() {
    return Admin.create(common());
  }

  private KafkaConsumer<String, String> consumer(String group) {
    Map<String, Object> settings = common();
    settings.put("group.id", group);
    settings.put("group.protocol", "consumer");
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", false);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  private Map<String, Object> common() {
    return new HashMap<>(Map.of("bootstrap.servers", bootstrapServers));
  }
}
