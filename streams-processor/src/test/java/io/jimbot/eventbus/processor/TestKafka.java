package io.jimbot.eventbus.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.processor.kafka.KafkaClients;
import io.jimbot.eventbus.processor.kafka.KafkaSettings;
import io.jimbot.eventbus.processor.topology.TestEvent;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.testing.kafka.TestTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * A real Kafka, in this JVM or a container, with the topics that a gateway makes; written to and
 * read as one would.
 */
public final class TestKafka implements AutoCloseable {

  /** The names of its topics. */
  public static final KafkaTopics TOPICS = new KafkaTopics("t");

  /** Partitions of the log. */
  public static final int PARTITIONS = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final io.jimbot.eventbus.testing.kafka.TestKafka kafka;
  private final KafkaClients clients;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

  /** Starts one; if it is in this JVM, its data lies in a directory. */
  public TestKafka(Path directory) throws ExecutionException, InterruptedException {
    this(io.jimbot.eventbus.testing.kafka.TestKafka.start(directory));
  }

  /** Takes one that runs, and closes it. */
  public TestKafka(io.jimbot.eventbus.testing.kafka.TestKafka kafka)
      throws ExecutionException, InterruptedException {
    this.kafka = kafka;
    clients =
        new KafkaClients(
            new KafkaSettings(kafka.bootstrapServers(), Map.of(), TOPICS.prefix(), -1, 0));
    producer =
        new KafkaProducer<>(
            clients.producer("test"), new ByteArraySerializer(), new ByteArraySerializer());
    try (Admin admin = admin()) {
      TestTopics.make(
          admin,
          new NewTopic(TOPICS.events(), Optional.of(PARTITIONS), Optional.empty())
              .configs(Map.of("max.message.bytes", "2097152")),
          new NewTopic(TOPICS.deadLetters(), Optional.of(1), Optional.empty())
              .configs(Map.of("max.message.bytes", "12582912")));
    }
  }

  /** Where it is. */
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** An admin client; whoever calls closes it. */
  public Admin admin() {
    return clients.newAdmin("test");
  }

  /** The settings of a processor on it. */
  public Map<String, Object> settings(Path stateDirectory) {
    return Map.of(
        "kafka.bootstrapServers",
        bootstrapServers(),
        "kafka.topicPrefix",
        TOPICS.prefix(),
        "streams.stateDirectory",
        stateDirectory.toString(),
        "streams.sessionTimeout",
        "6s",
        "http.port",
        0);
  }

  /** Writes events to the log, as a gateway does, and waits until they are stored. */
  public void log(List<TestEvent> events) {
    events.forEach(
        event ->
            send(
                new ProducerRecord<>(
                    TOPICS.events(),
                    null,
                    event.at().toEpochMilli(),
                    event.key(),
                    event.value(),
                    event.headers())));
    flush();
  }

  /** Hands a record over. */
  public void send(ProducerRecord<byte[], byte[]> record) {
    var unused =
        producer.send(
            record,
            (stored, failure) -> {
              if (failure != null) {
                failures.add(failure);
              }
            });
  }

  /** Waits until all are stored; fails if one was refused. */
  public void flush() {
    producer.flush();
    assertThat(failures).isEmpty();
  }

  /** Reads what is committed, all partitions from the beginning, until it is as it should be. */
  public List<ConsumerRecord<byte[], byte[]>> await(
      String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> condition) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Awaitility.await(topic)
        .atMost(PATIENCE)
        // A thread that Kafka refused something ends, and another takes its place.
        .dontCatchUncaughtExceptions()
        .until(() -> readAll(topic, records, condition));
    return records;
  }

  private boolean readAll(
      String topic,
      List<ConsumerRecord<byte[], byte[]>> records,
      Predicate<List<ConsumerRecord<byte[], byte[]>>> condition) {
    records.clear();
    records.addAll(read(topic));
    return condition.test(records);
  }

  /** All that is committed now. */
  public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            clients.consumer("test"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** How many records of the log a group has not committed yet. */
  public long lag(String group) {
    try (Admin admin = admin();
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                clients.consumer("test"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      List<TopicPartition> partitions =
          IntStream.range(0, PARTITIONS)
              .mapToObj(number -> new TopicPartition(TOPICS.events(), number))
              .toList();
      long lag = 0;
      for (Map.Entry<TopicPartition, Long> end : consumer.endOffsets(partitions).entrySet()) {
        OffsetAndMetadata place = committed.get(end.getKey());
        lag += end.getValue() - (place == null ? 0 : place.offset());
      }
      return lag;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    kafka.close();
  }
}
