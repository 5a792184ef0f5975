package io.jimbot.eventbus.processor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.kafka.KafkaClients;
import io.jimbot.eventbus.processor.kafka.KafkaSettings;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.record.OriginalPosition;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayBoard;
import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.eventbus.testing.kafka.TestTopics;
import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayRequest;
import io.jimbot.events.v1.ReplayWish;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker with a log, and what a gateway does there: events, requests, wishes, a look. */
final class ReplayFixture implements AutoCloseable {

  static final int LOG_PARTITIONS = 3;
  static final String LOG = "t.events";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestKafka kafka;
  private final KafkaClients clients;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
  private final ReplayRecords records = new ReplayRecords("t.replays");

  private int valueBytes = 1;

  private ReplayFixture(TestKafka kafka) {
    this.kafka = kafka;
    this.clients = new KafkaClients(kafkaSettings());
    Map<String, Object> properties = clients.producer("test");
    // So that what lies in Kafka is as large as it looks.
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static ReplayFixture start(Path directory) throws Exception {
    ReplayFixture fixture = new ReplayFixture(TestKafka.start(directory));
    fixture.makeTopic(LOG, LOG_PARTITIONS);
    return fixture;
  }

  KafkaSettings kafkaSettings() {
    return new KafkaSettings(kafka.bootstrapServers(), Map.of(), "t", -1, 0);
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  KafkaTopics topics() {
    return new KafkaTopics("t");
  }

  Admin admin() {
    return clients.newAdmin("test");
  }

  void makeTopic(String name, int partitions) throws Exception {
    try (Admin admin = admin()) {
      TestTopics.make(admin, new NewTopic(name, Optional.of(partitions), Optional.empty()));
    }
  }

  void deleteTopic(String name) throws Exception {
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(name)).all().get();
    }
  }

  /** From now on the values of events have at least so many bytes. */
  void largeValues(int bytes) {
    valueBytes = bytes;
  }

  /** Deletes what a partition of the log holds before an offset. */
  void deleteBefore(int partition, long offset) throws Exception {
    try (Admin admin = admin()) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition(LOG, partition), RecordsToDelete.beforeOffset(offset)))
          .all()
          .get();
    }
  }

  /** Stores an event as a gateway does; its value is its number. */
  void event(String key, int number, Instant receivedAt, String type, String topic) {
    store(record(LOG, key, number, receivedAt, type, topic, null));
  }

  /** The same in a class topic, which says where in the log it was. */
  void eventOfClass(
      String classTopic, String key, int number, OriginalPosition position, String type) {
    store(ofClass(classTopic, key, number, position, type));
  }

  /** The same in one that is compacted, so by type and key. */
  void eventOfCompactedClass(
      String classTopic, String key, int number, OriginalPosition position, String type) {
    ProducerRecord<byte[], byte[]> event = ofClass(classTopic, key, number, position, type);
    event.headers().add(HeaderNames.ORDERING_KEY, event.key());
    store(
        new ProducerRecord<>(
            classTopic,
            null,
            event.timestamp(),
            (type + "/" + key).getBytes(UTF_8),
            event.value(),
            event.headers()));
  }

  private ProducerRecord<byte[], byte[]> ofClass(
      String classTopic, String key, int number, OriginalPosition position, String type) {
    Instant receivedAt = Instant.ofEpochMilli(position.receivedAtMillis());
    return record(classTopic, key, number, receivedAt, type, "game.any", position);
  }

  private void store(ProducerRecord<byte[], byte[]> record) {
    var unused =
        producer.send(
            record,
            (stored, failure) -> {
              if (failure != null) {
                failures.add(failure);
              }
            });
  }

  /** Stores an event in a transaction that is open until whoever calls ends it. */
  Producer<byte[], byte[]> transaction(String key, int number) throws Exception {
    Map<String, Object> properties = clients.producer("test-transaction");
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "test-transaction");
    Producer<byte[], byte[]> other =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    other.initTransactions();
    other.beginTransaction();
    other.send(record(LOG, key, number, Instant.now(), "ANY", "game.any", null)).get();
    return other;
  }

  private ProducerRecord<byte[], byte[]> record(
      String log,
      String key,
      int number,
      Instant receivedAt,
      String type,
      String topic,
      @Nullable OriginalPosition position) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.EVENT_ID, ("id-" + number).getBytes(UTF_8));
    headers.add(HeaderNames.EVENT_TYPE, type.getBytes(UTF_8));
    headers.add(HeaderNames.TOPIC, topic.getBytes(UTF_8));
    headers.add(HeaderNames.GAME_ID, key.getBytes(UTF_8));
    if (position != null) {
      headers.add(HeaderNames.ORIGINAL_POSITION, position.toBytes());
    }
    return new ProducerRecord<>(
        log,
        null,
        receivedAt.toEpochMilli(),
        key.getBytes(UTF_8),
        String.format(Locale.ROOT, "%0" + valueBytes + "d", number).getBytes(UTF_8),
        headers);
  }

  void flush() {
    producer.flush();
    assertThat(failures).isEmpty();
  }

  /** A request for all that there is until now, at full speed; to be changed as one likes. */
  static ReplayRequest.Builder all(String id) {
    Instant now = Instant.now();
    return ReplayRequest.newBuilder()
        .setReplayId(id)
        .setUntil(Times.timestamp(now.plusSeconds(1)))
        .addTopics("**")
        .setOwnTopic(true)
        .setTimeToLive(Times.duration(Duration.ofHours(1)))
        .setCreatedAt(Times.timestamp(now));
  }

  /** Asks for a replay, once the topic of jobs is there. */
  void ask(ReplayRequest request) throws Exception {
    send(records.of(partition(request.getReplayId()), request));
  }

  void wish(String id, ReplayAction action) throws Exception {
    send(
        records.of(
            partition(id), ReplayWish.newBuilder().setReplayId(id).setAction(action).build()));
  }

  private int partition(String id) {
    await().atMost(PATIENCE).until(() -> exists("t.replays"));
    return ReplayRecords.partition(id, producer.partitionsFor("t.replays").size());
  }

  private void send(ProducerRecord<byte[], byte[]> record) throws Exception {
    producer.send(record).get();
  }

  boolean exists(String topic) throws Exception {
    try (Admin admin = admin()) {
      return admin.listTopics().names().get().contains(topic);
    }
  }

  /** What the topic of jobs says; null if nothing. */
  @Nullable Replay look(String id) {
    ReplayBoard board = new ReplayBoard();
    read("t.replays").forEach(board::add);
    return board.find(id);
  }

  Replay awaitReplay(String id, Predicate<Replay> wanted) {
    Replay[] found = new Replay[1];
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              Replay replay = look(id);
              found[0] = replay;
              return replay != null && wanted.test(replay);
            });
    return found[0];
  }

  Replay awaitCompleted(String id) {
    return awaitReplay(id, replay -> replay.state() instanceof ReplayState.Completed);
  }

  /** All that was committed to a topic, each partition in its order. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumerOf(topic)) {
      Set<TopicPartition> partitions = consumer.assignment();
      Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < end.getOrDefault(p, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    return all;
  }

  /** One that reads what is committed to a topic, from the beginning. */
  KafkaConsumer<byte[], byte[]> consumerOf(String topic) {
    KafkaConsumer<byte[], byte[]> consumer = consumer();
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  /** One that sees what is committed. */
  KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        clients.consumer("test"), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static int number(ConsumerRecord<byte[], byte[]> event) {
    return Integer.parseInt(new String(event.value(), UTF_8));
  }

  /** The numbers of the events of each key, in the order in which they lie there. */
  static Map<String, List<Integer>> byKey(List<ConsumerRecord<byte[], byte[]>> events) {
    Map<String, List<Integer>> byKey = new HashMap<>();
    events.forEach(
        event ->
            byKey
                .computeIfAbsent(new String(event.key(), UTF_8), key -> new ArrayList<>())
                .add(number(event)));
    return byKey;
  }

  static String header(ConsumerRecord<byte[], byte[]> event, String name) {
    return new String(event.headers().lastHeader(name).value(), UTF_8);
  }

  @Override
  public void close() {
    producer.close();
    kafka.close();
  }
}
