package io.jimbot.eventbus.gateway.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.service.record.HeaderTime;
import io.jimbot.eventbus.testing.kafka.TestTopics;
import io.jimbot.events.v1.Event;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A log of its own on a broker, with events as the gateway writes them. */
public final class LogUnderTest implements AutoCloseable {

  private final String bootstrapServers;
  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;

  public LogUnderTest(String bootstrapServers, String topic, int partitions) throws Exception {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      TestTopics.make(admin, new NewTopic(topic, partitions, (short) 1));
    }
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  public String topic() {
    return topic;
  }

  /** An event of a type and a game; its id is its idempotency key. */
  public Future<RecordMetadata> append(String logicalTopic, String game, String id) {
    return producer.send(record(logicalTopic, game, id));
  }

  /** The same, whose time was over before it was appended. */
  public Future<RecordMetadata> appendExpired(String logicalTopic, String game, String id) {
    ProducerRecord<byte[], byte[]> record = record(logicalTopic, game, id);
    record.headers().add(HeaderNames.EXPIRES_AT, HeaderTime.of(1));
    return producer.send(record);
  }

  private ProducerRecord<byte[], byte[]> record(String logicalTopic, String game, String id) {
    Event event = Event.newBuilder().setEventType("TEST").setGameId(game).setEventId(id).build();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, game.getBytes(UTF_8), event.toByteArray());
    record.headers().add(HeaderNames.TOPIC, logicalTopic.getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_TYPE, "TEST".getBytes(UTF_8));
    record.headers().add(HeaderNames.GAME_ID, game.getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_ID, id.getBytes(UTF_8));
    record
        .headers()
        .add(
            HeaderNames.IDEMPOTENCY_KEY,
            ByteBuffer.allocate(16).putLong(id.hashCode()).putLong(id.length()).array());
    return record;
  }

  /** So many events, spread over games. */
  public void appendMany(int from, int count) {
    for (int i = from; i < from + count; i++) {
      var unused = append("game.state.update", "game-" + i % 7, "event-" + i);
    }
    producer.flush();
  }

  public Consumer<byte[], byte[]> tailConsumer(String clientId) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("client.id", clientId);
    properties.put("enable.auto.commit", false);
    properties.put("auto.offset.reset", "none");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public void close() {
    producer.close();
  }

  /** The id of a delivered event. */
  public static String id(Delivery delivery) {
    try {
      return Event.parseFrom(delivery.event().value()).getEventId();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
