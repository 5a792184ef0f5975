package io.jimbot.eventbus.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.kafka.FailedRecords;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.service.deadletter.DeadLetterReason;
import io.jimbot.eventbus.service.deadletter.DeadLetterRecords;
import io.jimbot.eventbus.service.deadletter.Failure;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.record.FactHeaders;
import io.jimbot.eventbus.service.record.HeaderTime;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterActionKind;
import io.jimbot.events.v1.DeadLetterActionProgress;
import io.jimbot.events.v1.DeadLetterCount;
import io.jimbot.events.v1.DeadLetterSelector;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.DeadLetterState;
import io.jimbot.events.v1.DeadLetterStatus;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.RecordPosition;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The topology of dead letters in a driver whose clock stands until it is told to go. */
final class DeadLettersUnderTest implements AutoCloseable {

  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  static final KafkaTopics TOPICS = new KafkaTopics("t");

  static final DeadLetterSettings SETTINGS =
      new DeadLetterSettings(
          Duration.ofMinutes(1),
          Duration.ofMinutes(30),
          3,
          6,
          1_000,
          Duration.ofMinutes(10),
          Duration.ofDays(14),
          1);

  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private final DeadLetterRecords records = new DeadLetterRecords(TOPICS.deadLetters());
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> letters;
  private final TestInputTopic<String, byte[]> actions;
  private final TestOutputTopic<byte[], byte[]> log;
  private final TestOutputTopic<byte[], byte[]> waiting;
  private final TestOutputTopic<byte[], byte[]> made;
  private final TestOutputTopic<String, byte[]> states;
  private final TestOutputTopic<String, byte[]> progress;

  private final Map<String, DeadLetterStatus> statusById = new HashMap<>();
  private DeadLetterActionProgress lastProgress = DeadLetterActionProgress.getDefaultInstance();
  private int piped;
  private Instant now = START;

  DeadLettersUnderTest(Path directory) {
    this(directory, SETTINGS);
  }

  DeadLettersUnderTest(Path directory, DeadLetterSettings settings) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    DeadLetterTopology topology =
        new DeadLetterTopology(
            TOPICS, settings, new ByteArraySerializer(), new DeadLetterMetrics(metrics, () -> now));
    driver =
        new TopologyTestDriver(
            topology.topology(
                new FailedRecords(
                    TOPICS.deadLetters(),
                    "t-letters",
                    new ByteArraySerializer(),
                    Clock.systemUTC(),
                    reason -> {})),
            properties,
            START);
    letters =
        driver.createInputTopic(
            TOPICS.deadLetters(), new ByteArraySerializer(), new ByteArraySerializer());
    actions =
        driver.createInputTopic(
            TOPICS.deadLetterActions(), new StringSerializer(), new ByteArraySerializer());
    log = bytesOf(TOPICS.events());
    waiting = bytesOf(TOPICS.delayed());
    made = bytesOf(TOPICS.deadLetters());
    states =
        driver.createOutputTopic(
            TOPICS.deadLetterStates(), new StringDeserializer(), new ByteArrayDeserializer());
    progress =
        driver.createOutputTopic(
            TOPICS.deadLetterActions(), new StringDeserializer(), new ByteArrayDeserializer());
  }

  private TestOutputTopic<byte[], byte[]> bytesOf(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** An event that a group has given up, as it was after so many redrives; returns its id. */
  String undelivered(String reason, String group, int number, int redrives) {
    return pipe(
        "game-1",
        ofEvent(number, redrives).setGroup(group),
        DeadLetterStage.DEAD_LETTER_STAGE_DELIVER,
        reason);
  }

  /** The same of another type, or from somebody. */
  String undelivered(int number, String header, String value) {
    return pipe(
        "game-1",
        ofEvent(number, 0).setGroup("trainer").putHeaders(header, ByteString.copyFromUtf8(value)),
        DeadLetterStage.DEAD_LETTER_STAGE_DELIVER,
        "parked");
  }

  /** An event that was not let wait for its time. */
  String delayed(int number, Instant due) {
    return delayed(number, due, "too_many_delayed");
  }

  /** An event that failed where it was to wait for its time. */
  String delayed(int number, Instant due, String reason) {
    return pipe(
        "game-1",
        ofEvent(number, 0)
            .setGroup("t-processor-delay")
            .setOrigin(RecordPosition.newBuilder().setTopic(TOPICS.delayed()))
            .putHeaders(
                HeaderNames.DELIVER_AT, ByteString.copyFrom(HeaderTime.of(due.toEpochMilli()))),
        DeadLetterStage.DEAD_LETTER_STAGE_PROCESS,
        reason);
  }

  /** A dead letter that another program has written, which failed at some time. */
  void foreign(int number, Timestamp failed) {
    DeadLetter letter =
        ofEvent(number, 0)
            .setDeadLetterId(DeadLetterId.at(now))
            .setGroup("trainer")
            .setReason("attempts_exhausted")
            .setFirstFailedAt(failed)
            .setLastFailedAt(failed)
            .build();
    poison(letter.toByteArray());
  }

  private static DeadLetter.Builder ofEvent(int number, int redrives) {
    Event event =
        Event.newBuilder()
            .setEventId("e-" + number)
            .setEventType("TEST_STEP")
            .setSequenceNumber(number)
            .build();
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setOriginal(event.toByteString())
            .setContentType(FactHeaders.CONTENT_TYPE)
            .setOrigin(
                RecordPosition.newBuilder().setTopic(TOPICS.events()).setOffset(number).build())
            .putHeaders(HeaderNames.EVENT_ID, ByteString.copyFromUtf8("e-" + number))
            .putHeaders(HeaderNames.EVENT_TYPE, ByteString.copyFromUtf8("TEST_STEP"))
            .putHeaders(HeaderNames.IDEMPOTENCY_KEY, ByteString.copyFrom(new byte[16]));
    if (redrives > 0) {
      letter.putHeaders(
          HeaderNames.REDRIVE_COUNT, ByteString.copyFromUtf8(Integer.toString(redrives)));
    }
    return letter;
  }

  /** A piece of JSON that the gateway has refused; returns its id. */
  String refused(String json, String producer, String reason) {
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setOriginal(ByteString.copyFromUtf8(json))
            .setContentType(DeadLetterRecords.JSON)
            .setProducer(producer);
    return pipe(producer, letter, DeadLetterStage.DEAD_LETTER_STAGE_DECODE, reason);
  }

  private String pipe(String key, DeadLetter.Builder letter, DeadLetterStage stage, String reason) {
    ProducerRecord<byte[], byte[]> record =
        records.record(
            key.getBytes(UTF_8),
            letter,
            Failure.once(stage, DeadLetterReason.of(reason), "it failed", now));
    letters.pipeInput(
        new TestRecord<>(
            record.key(),
            record.value(),
            record.headers(),
            Instant.ofEpochMilli(record.timestamp())));
    piped++;
    return letter.getDeadLetterId();
  }

  /** Bytes that are no dead letter. */
  void poison(byte[] value) {
    letters.pipeInput(new TestRecord<>(new byte[0], value, now));
    piped++;
  }

  /** Asks for something to be done to what has come so far; returns the action's id. */
  String act(DeadLetterAction.Builder action) {
    return act(action, piped);
  }

  String act(DeadLetterAction.Builder action, int until) {
    String id = DeadLetterId.at(now);
    action
        .setActionId(id)
        .setRequestedBy("alice")
        .setRequestedAt(WireTime.of(now))
        .addCounted(DeadLetterCount.newBuilder().setUntil(until).setSelected(until));
    actions.pipeInput("action/" + id, action.build().toByteArray());
    return id;
  }

  static DeadLetterAction.Builder redrive(DeadLetterSelector.Builder selector) {
    return DeadLetterAction.newBuilder()
        .setKind(DeadLetterActionKind.DEAD_LETTER_ACTION_KIND_REDRIVE)
        .setSelector(selector);
  }

  static DeadLetterAction.Builder discard(DeadLetterSelector.Builder selector) {
    return DeadLetterAction.newBuilder()
        .setKind(DeadLetterActionKind.DEAD_LETTER_ACTION_KIND_DISCARD)
        .setSelector(selector);
  }

  /** The clock goes on, and the topology is not told: it has no time for that. */
  void passUnseen(Duration time) {
    now = now.plus(time);
  }

  void pass(Duration time) {
    now = now.plus(time);
    driver.advanceWallClockTime(time);
  }

  /** What has come into the log since the last time. */
  List<TestRecord<byte[], byte[]>> events() {
    return log.readRecordsToList();
  }

  /** What waits for its time since the last time. */
  List<TestRecord<byte[], byte[]>> waiting() {
    return waiting.readRecordsToList();
  }

  /** The numbers of the events that have come into the log since the last time. */
  List<Long> numbers() throws Exception {
    List<Long> numbers = new ArrayList<>();
    for (TestRecord<byte[], byte[]> event : events()) {
      numbers.add(Event.parseFrom(event.value()).getSequenceNumber());
    }
    return numbers;
  }

  static String header(TestRecord<byte[], byte[]> event, String name) {
    return event.headers().lastHeader(name) == null
        ? ""
        : new String(event.headers().lastHeader(name).value(), UTF_8);
  }

  /** What has become of a dead letter. */
  DeadLetterStatus status(String id) throws Exception {
    for (TestRecord<String, byte[]> record : states.readRecordsToList()) {
      if (record.value() == null) {
        statusById.remove(record.key());
      } else {
        statusById.put(record.key(), DeadLetterStatus.parseFrom(record.value()));
      }
    }
    return statusById.getOrDefault(
        id,
        DeadLetterStatus.newBuilder().setState(DeadLetterState.DEAD_LETTER_STATE_PARKED).build());
  }

  DeadLetterState state(String id) throws Exception {
    return status(id).getState();
  }

  /** What was said last of how far actions have come. */
  DeadLetterActionProgress progress() throws Exception {
    for (TestRecord<String, byte[]> record : progress.readRecordsToList()) {
      lastProgress = DeadLetterActionProgress.parseFrom(record.value());
    }
    return lastProgress;
  }

  /** Dead letters that the topology has made itself. */
  List<DeadLetter> made() throws Exception {
    List<DeadLetter> all = new ArrayList<>();
    for (TestRecord<byte[], byte[]> record : made.readRecordsToList()) {
      all.add(DeadLetter.parseFrom(record.value()));
    }
    return all;
  }

  /** The values of a metric of dead letters, by the value of its label; empty where it has none. */
  Map<String, Double> metric(String name) {
    Map<String, Double> values = new HashMap<>();
    for (MetricSnapshot metric : metrics.scrape()) {
      if (metric.getMetadata().getName().equals("eventbus_dead_letters_" + name)) {
        for (DataPointSnapshot point : metric.getDataPoints()) {
          Labels labels = point.getLabels();
          values.put(labels.isEmpty() ? "" : labels.getValue(0), value(point));
        }
      }
    }
    return values;
  }

  private static double value(DataPointSnapshot point) {
    return point instanceof GaugeSnapshot.GaugeDataPointSnapshot gauge
        ? gauge.getValue()
        : ((CounterSnapshot.CounterDataPointSnapshot) point).getValue();
  }

  @Override
  public void close() {
    driver.close();
  }
}
