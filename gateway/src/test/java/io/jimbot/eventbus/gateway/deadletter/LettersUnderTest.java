package io.jimbot.eventbus.gateway.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.testing.kafka.TestTopics;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterActionProgress;
import io.jimbot.events.v1.DeadLetterCount;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Topics of dead letters, their states and actions of their own, as the gateway and the processor
 * write.
 */
final class LettersUnderTest implements AutoCloseable {

  static final int PARTITIONS = 2;

  private final String bootstrapServers;
  private final KafkaTopics topics;
  private final KafkaProducer<byte[], byte[]> producer;

  LettersUnderTest(String bootstrapServers, String prefix) throws Exception {
    this.bootstrapServers = bootstrapServers;
    this.topics = new KafkaTopics(prefix);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      TestTopics.make(
          admin,
          kept(topics.deadLetters()),
          kept(topics.deadLetterStates()),
          kept(topics.deadLetterActions()));
    }
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** What is old in a test must stay. */
  private static NewTopic kept(String name) {
    return new NewTopic(name, PARTITIONS, (short) 1).configs(Map.of("retention.ms", "-1"));
  }

  KafkaTopics topics() {
    return topics;
  }

  /** A dead letter that failed then; its id. */
  String write(int partition, Instant failed) {
    return write(partition, failed, 10);
  }

  /** The same of an event with so many bytes. */
  String write(int partition, Instant failed, int bytes) {
    String id = DeadLetterId.at(failed);
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setDeadLetterId(id)
            .setReason("parked")
            .setOriginal(ByteString.copyFrom(new byte[bytes]))
            .setLastFailedAt(WireTime.of(failed))
            .build();
    var unused =
        producer.send(
            new ProducerRecord<>(
                topics.deadLetters(),
                partition,
                failed.toEpochMilli(),
                null,
                letter.toByteArray()));
    return id;
  }

  /** What has become of a dead letter; null if that is forgotten. */
  void become(String id, @Nullable DeadLetterState state, String by) {
    byte[] value =
        state == null
            ? null
            : DeadLetterStatus.newBuilder()
                .setDeadLetterId(id)
                .setState(state)
                .setBy(by)
                .build()
                .toByteArray();
    var unused =
        producer.send(new ProducerRecord<>(topics.deadLetterStates(), id.getBytes(UTF_8), value));
  }

  /** An action that was asked for then, with a note; its id. */
  String ask(Instant asked, String note) {
    String id = DeadLetterId.at(asked);
    DeadLetterAction action =
        DeadLetterAction.newBuilder()
            .setActionId(id)
            .setRequestedAt(WireTime.of(asked))
            .setNote(note)
            .addAllCounted(Collections.nCopies(PARTITIONS, DeadLetterCount.getDefaultInstance()))
            .build();
    write("action/" + id, action.toByteArray());
    return id;
  }

  /** How far an action has come in a partition. */
  void goOn(String action, int partition, long done, boolean finished) {
    DeadLetterActionProgress progress =
        DeadLetterActionProgress.newBuilder()
            .setActionId(action)
            .setPartition(partition)
            .setDone(done)
            .setFinished(finished)
            .build();
    write("progress/" + action + "/" + partition, progress.toByteArray());
  }

  private void write(String key, byte[] value) {
    var unused =
        producer.send(new ProducerRecord<>(topics.deadLetterActions(), key.getBytes(UTF_8), value));
  }

  /** A consumer as the gateway has it; all that was written before is there to be read. */
  Consumer<byte[], byte[]> newConsumer() {
    producer.flush();
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "enable.auto.commit",
            false,
            "isolation.level",
            "read_committed",
            "auto.offset.reset",
            "none",
            "fetch.max.wait.ms",
            10),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  @Override
  public void close() {
    producer.close();
  }
}
