package io.jimbot.eventbus.processor.topology;

import static java.util.Objects.requireNonNullElse;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.processor.kafka.FailedRecords;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.deadletter.Redrives;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * What becomes of dead letters. One task has all that concerns the letters of one partition, so
 * that a retry, a redrive and a discard of one letter never cross each other; what it does and what
 * it remembers are one transaction.
 */
public final class DeadLetterTopology {

  private static final Duration TICK = Duration.ofMillis(100);
  private static final String ACTIONS_SOURCE = "from-actions";
  private static final String LETTERS_SOURCE = "from-dead-letters";
  private static final String LETTERS = "dead-letters";

  private final KafkaTopics topics;
  private final DeadLetterSettings settings;
  private final Serializer<byte[]> values;
  private final DeadLetterMetrics metrics;

  /**
   * Describes it.
   *
   * @param values gives encoded events the form that they have in the log
   */
  public DeadLetterTopology(
      KafkaTopics topics,
      DeadLetterSettings settings,
      Serializer<byte[]> values,
      DeadLetterMetrics metrics) {
    this.topics = topics;
    this.settings = settings;
    this.values = values;
    this.metrics = metrics;
  }

  /** The topology; what it cannot read becomes a dead letter itself. */
  public Topology topology(FailedRecords failures) {
    return new Topology()
        .addGlobalStore(
            keyValue(LetterStores.ACTIONS).withLoggingDisabled(),
            ACTIONS_SOURCE,
            new StringDeserializer(),
            new ByteArrayDeserializer(),
            topics.deadLetterActions(),
            "actions-in-view",
            ActionsInView::new)
        .addSource(LETTERS_SOURCE, topics.deadLetters())
        .addProcessor(LETTERS, () -> new Letters(failures), LETTERS_SOURCE)
        .addStateStore(keyValue(LetterStores.LETTERS), LETTERS)
        .addStateStore(keyValue(LetterStores.DUE), LETTERS)
        .addStateStore(keyValue(LetterStores.RUNS), LETTERS)
        .addStateStore(
            Stores.windowStoreBuilder(
                Stores.persistentWindowStore(
                    LetterStores.REPEATS, settings.repeatWindow(), settings.repeatWindow(), false),
                Serdes.String(),
                Serdes.String()),
            LETTERS)
        .addSink(
            LetterOutput.LOG,
            topics.events(),
            new ByteArraySerializer(),
            failures.guarding(values),
            LETTERS)
        .addSink(LetterOutput.DELAYED, topics.delayed(), LETTERS)
        .addSink(LetterOutput.STATES, topics.deadLetterStates(), LETTERS)
        .addSink(LetterOutput.PROGRESS, topics.deadLetterActions(), LETTERS)
        .addSink(LetterOutput.LETTERS, topics.deadLetters(), LETTERS);
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> keyValue(String name) {
    Serde<byte[]> bytes = Serdes.ByteArray();
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(name), Serdes.String(), bytes);
  }

  /** Keeps what the topic of actions holds, as it is. */
  private static final class ActionsInView extends ContextualProcessor<String, byte[], Void, Void> {
    @Override
    public void process(Record<String, byte[]> record) {
      if (record.key() != null) {
        KeyValueStore<String, byte[]> store = context().getStateStore(LetterStores.ACTIONS);
        store.put(record.key(), record.value());
      }
    }
  }

  /** The letters of one partition. */
  private final class Letters extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

    private final FailedRecords failures;

    @SuppressWarnings("NullAway.Init") // set by init
    private LetterStores stores;

    @SuppressWarnings("NullAway.Init") // set by init
    private LetterOutput output;

    @SuppressWarnings("NullAway.Init") // set by init
    private LetterRouting routing;

    @SuppressWarnings("NullAway.Init") // set by init
    private LetterActions actions;

    private int partition;
    private long tickedAtMillis;

    Letters(FailedRecords failures) {
      this.failures = failures;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      super.init(context);
      Redrives redrives = new Redrives(topics, settings.maxRedrives(), EventCatalogue.builtIn());
      stores = new LetterStores(context);
      output = new LetterOutput(context, stores, topics);
      routing = new LetterRouting(settings, stores, output, redrives, metrics);
      partition = context.taskId().partition();
      actions = new LetterActions(partition, settings, stores, output, redrives, metrics);
      tickedAtMillis = context.currentSystemTimeMs();
      context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      RecordMetadata from = context().recordMetadata().orElseThrow();
      byte[] key = requireNonNullElse(record.key(), new byte[0]);
      stores.position(from.offset() + 1);
      try {
        DeadLetter letter =
            DeadLetter.parseFrom(
                ConfluentFrame.message(requireNonNullElse(record.value(), new byte[0])));
        if (LetterRouting.isNamed(letter)) {
          routing.route(letter, key, from.offset(), record.timestamp());
          return;
        }
        refuse(from, record, "it has no id of the bus");
      } catch (InvalidProtocolBufferException e) {
        refuse(from, record, String.valueOf(e.getMessage()));
      }
    }

    private void refuse(RecordMetadata from, Record<byte[], byte[]> record, String why) {
      output.letter(
          failures.record(
              new FailedRecords.Origin(
                  from.topic(),
                  from.partition(),
                  from.offset(),
                  record.key(),
                  record.value(),
                  record.headers()),
              DeadLetterStage.DEAD_LETTER_STAGE_DECODE,
              DeadLetterReason.UNREADABLE,
              "the record is no dead letter: " + why));
    }

    private void tick(long nowMillis) {
      Duration elapsed = Duration.ofMillis(Math.max(0, nowMillis - tickedAtMillis));
      tickedAtMillis = nowMillis;
      routing.sendDue();
      actions.goOn(elapsed);
      routing.forgetOld();
      metrics.scheduled(partition, stores.scheduled(), stores.nextDueMillis());
    }

    @Override
    public void close() {
      metrics.scheduled(partition, 0, Long.MAX_VALUE);
    }
  }
}
