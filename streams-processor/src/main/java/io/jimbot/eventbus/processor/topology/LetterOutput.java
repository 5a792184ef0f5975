package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.events.v1.DeadLetterActionProgress;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterStatus;
import io.jimbot.events.v1.KeptDeadLetter;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Where the dead letters' topology writes to: the log, the topic of delayed events and the topics
 * of what it did.
 */
final class LetterOutput {

  static final String LOG = "to-log";
  static final String DELAYED = "to-delayed";
  static final String STATES = "to-states";
  static final String PROGRESS = "to-actions";
  static final String LETTERS = "to-dead-letters";

  private final ProcessorContext<byte[], byte[]> context;
  private final LetterStores stores;
  private final KafkaTopics topics;

  LetterOutput(ProcessorContext<byte[], byte[]> context, LetterStores stores, KafkaTopics topics) {
    this.context = context;
    this.stores = stores;
    this.topics = topics;
  }

  Instant now() {
    return Instant.ofEpochMilli(context.currentSystemTimeMs());
  }

  /** Into the log, or to where events wait for their time; its time is that of now. */
  void event(ProducerRecord<byte[], byte[]> event) {
    String sink = event.topic().equals(topics.delayed()) ? DELAYED : LOG;
    context.forward(
        new Record<>(event.key(), event.value(), now().toEpochMilli(), event.headers()), sink);
  }

  /** Into the dead letters. */
  void letter(ProducerRecord<byte[], byte[]> letter) {
    context.forward(
        new Record<>(letter.key(), letter.value(), letter.timestamp(), letter.headers()), LETTERS);
  }

  /** The letter has another state from now on. */
  void status(KeptDeadLetter letter, DeadLetterState state, DeadLetterStatus.Builder more) {
    String id = letter.getLetter().getDeadLetterId();
    DeadLetterStatus status =
        more.setDeadLetterId(id).setState(state).setChangedAt(WireTime.of(now())).build();
    stores.put(letter.toBuilder().setStatus(status).build());
    write(STATES, id, status.toByteArray());
  }

  /** Nothing is known of the letter any more. */
  void forget(String id) {
    write(STATES, id, null);
  }

  /** An action has come that far. */
  void progress(DeadLetterActionProgress.Builder progress) {
    DeadLetterActionProgress now = progress.setUpdatedAt(WireTime.of(now())).build();
    stores.put(now);
    write(PROGRESS, "progress/" + now.getActionId() + "/" + now.getPartition(), now.toByteArray());
  }

  private void write(String sink, String key, byte @Nullable [] value) {
    context.forward(new Record<>(key.getBytes(UTF_8), value, now().toEpochMilli()), sink);
  }
}
