package io.jimbot.eventbus.processor.topology;

import static io.jimbot.eventbus.processor.topology.TestEvent.START;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.processor.kafka.FailedRecords;
import io.jimbot.eventbus.service.catalogue.Catalogue;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.record.OriginalPosition;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTopologyTest {

  private static final KafkaTopics TOPICS = new KafkaTopics("t");
  private static final Duration WINDOW = Duration.ofMinutes(10);

  @TempDir private Path directory;

  private final List<String> counted = new ArrayList<>();

  /** By the processor's clock: later than the events of the tests, unless they say so. */
  private static final Instant NOW = START.plus(Duration.ofDays(1));

  private Catalogue catalogue = Catalogue.builtIn();
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> log;

  @BeforeEach
  void start() {
    FailedRecords failures =
        new FailedRecords(
            TOPICS.deadLetters(),
            "t-processor-retention",
            new ByteArraySerializer(),
            clock(),
            reason -> counted.add(reason));
    RetentionTopology topology =
        new RetentionTopology(
            TOPICS, () -> CatalogueInForce.of(catalogue), WINDOW, clock(), new Counts());
    Properties properties = new Properties();
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    driver = new TopologyTestDriver(topology.build(failures), properties, NOW);
    log =
        driver.createInputTopic(
            TOPICS.events(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Clock clock() {
    return Clock.fixed(START, ZoneOffset.UTC);
  }

  private final class Counts implements RetentionCounts {
    @Override
    public void kept(String className) {
      counted.add(className);
    }

    @Override
    public void repeated() {
      counted.add("repeated");
    }

    @Override
    public void expired() {
      counted.add("expired");
    }

    @Override
    public void outdatedState() {
      counted.add("outdated");
    }

    @Override
    public void oversizedState() {
      counted.add("oversized");
    }
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void eachEventGoesToItsClassUnchangedAndSaysWhereItWas() {
    TestEvent event = TestEvent.of("MONEY_CHANGED", "m");
    log.pipeInput(TestEvent.of("HEARTBEAT", "h").record());
    log.pipeInput(event.record());
    log.pipeInput(TestEvent.of("ROUND_COMPLETE", "r").record());

    assertThat(ids("ephemeral")).containsExactly("h");
    assertThat(ids("archive")).containsExactly("r");
    TestRecord<byte[], byte[]> kept = read(TOPICS.ofClass("standard")).get(0);
    assertThat(kept.key()).isEqualTo(event.key());
    assertThat(kept.value()).isEqualTo(event.value());
    assertThat(kept.getRecordTime()).isEqualTo(START);
    assertThat(OriginalPosition.read(kept.headers()))
        .isEqualTo(new OriginalPosition(TOPICS.events(), 0, 1, START.toEpochMilli()));
    RecordHeaders withoutPosition = new RecordHeaders(kept.headers());
    withoutPosition.remove(HeaderNames.ORIGINAL_POSITION);
    assertThat(withoutPosition).isEqualTo(event.headers());
    assertThat(counted).containsExactly("ephemeral", "standard", "archive");
  }

  @Test
  void aTypeThatIsNotListedGoesWhereItsTopicGoes() {
    log.pipeInput(TestEvent.of("FOO_BAR", "f").record());

    assertThat(ids("standard")).containsExactly("f");
  }

  @Test
  void aChangedCatalogueHoldsFromTheNextEventOn() throws Exception {
    log.pipeInput(TestEvent.of("FOO_BAR", "1").record());
    catalogue =
        Catalogue.load(
            Files.writeString(directory.resolve("c.yaml"), "topics: {\"custom.**\": archive}"));
    log.pipeInput(TestEvent.of("FOO_BAR", "2").record());

    assertThat(ids("standard")).containsExactly("1");
    assertThat(ids("archive")).containsExactly("2");
  }

  @Test
  void ofACompactedClassTheNewestOfEachTypeAndKeyIsKept() throws Exception {
    catalogue =
        Catalogue.load(
            Files.writeString(directory.resolve("c.yaml"), "topics: {\"custom.**\": latest}"));
    log.pipeInput(TestEvent.of("FOO", "1").record());
    log.pipeInput(TestEvent.of("BAR", "2").record());

    List<TestRecord<byte[], byte[]>> kept = read(TOPICS.ofClass("latest"));
    assertThat(kept)
        .extracting(record -> new String(record.key(), UTF_8))
        .containsExactly("FOO/sender", "BAR/sender");
    assertThat(kept)
        .extracting(record -> record.headers().lastHeader(HeaderNames.ORDERING_KEY).value())
        .containsExactly("sender".getBytes(UTF_8), "sender".getBytes(UTF_8));
  }

  @Test
  void aRepetitionWithinTheWindowIsDroppedAndCounted() {
    TestEvent event = TestEvent.of("MONEY_CHANGED", "m");
    log.pipeInput(event.record());
    log.pipeInput(event.at(START.plus(WINDOW)).record());

    assertThat(ids("standard")).containsExactly("m");
    assertThat(counted).containsExactly("standard", "repeated");
  }

  @Test
  void theWindowIsCountedFromTheFirstAndNotProlongedByRepetitions() {
    TestEvent event = TestEvent.of("MONEY_CHANGED", "m");
    log.pipeInput(event.record());
    log.pipeInput(event.at(START.plus(WINDOW.dividedBy(2))).record());
    log.pipeInput(event.at(START.plus(WINDOW).plusMillis(1)).record());

    assertThat(ids("standard")).containsExactly("m", "m");
  }

  @Test
  void aRepetitionThatSeemsToBeOlderIsARepetitionToo() {
    TestEvent event = TestEvent.of("MONEY_CHANGED", "m").at(START.plus(WINDOW));
    log.pipeInput(event.record());
    log.pipeInput(event.at(START.plusSeconds(1)).record());

    assertThat(ids("standard")).containsExactly("m");
  }

  @Test
  void aClockThatIsFarAheadDoesNotMakeItForget() {
    log.pipeInput(TestEvent.of("FOO", "ahead").at(NOW.plus(Duration.ofHours(1))).record());
    TestEvent event = TestEvent.of("FOO", "e").at(NOW);
    log.pipeInput(event.record());
    log.pipeInput(event.record());

    assertThat(ids("standard")).containsExactly("ahead", "e");
  }

  @Test
  void twoDifferentEventsWithOneIdBothSurvive() {
    log.pipeInput(TestEvent.of("MONEY_CHANGED", "same").identifiedBy("one").record());
    log.pipeInput(TestEvent.of("MONEY_CHANGED", "same").identifiedBy("other").record());

    assertThat(ids("standard")).containsExactly("same", "same");
  }

  @Test
  void anEventWithoutIdentityIsNeverARepetition() {
    TestRecord<byte[], byte[]> record = TestEvent.of("MONEY_CHANGED", "m").record();
    record.headers().remove(HeaderNames.IDEMPOTENCY_KEY);
    log.pipeInput(record);
    log.pipeInput(record);

    assertThat(ids("standard")).containsExactly("m", "m");
  }

  @Test
  void whatHasExpiredIsNotKept() {
    String later = millis(START.plusMillis(1));
    log.pipeInput(TestEvent.of("FOO", "gone").with(HeaderNames.EXPIRES_AT, millis(START)).record());
    log.pipeInput(TestEvent.of("FOO", "valid").with(HeaderNames.EXPIRES_AT, later).record());

    assertThat(ids("standard")).containsExactly("valid");
    assertThat(counted).containsExactly("expired", "standard");
  }

  @Test
  void aCopyThatHasExpiredIsNotRememberedAndTheNextOneIsKept() {
    TestEvent event = TestEvent.of("FOO", "again");
    log.pipeInput(event.with(HeaderNames.EXPIRES_AT, millis(START)).record());
    log.pipeInput(event.with(HeaderNames.EXPIRES_AT, millis(START.plusMillis(1))).record());

    assertThat(ids("standard")).containsExactly("again");
    assertThat(counted).containsExactly("expired", "standard");
  }

  @Test
  void aCopyThatCameInAfterTheFirstHadExpiredIsKeptAndHasRepetitionsOfItsOwn() {
    TestEvent event = TestEvent.of("FOO", "again");
    log.pipeInput(event.with(HeaderNames.EXPIRES_AT, millis(START.plusSeconds(1))).record());
    log.pipeInput(event.at(START.plusSeconds(1)).record());
    log.pipeInput(event.at(START.plusSeconds(2)).record());

    assertThat(ids("standard")).containsExactly("again", "again");
    assertThat(counted).containsExactly("standard", "standard", "repeated");
  }

  @Test
  void aCopyThatCameInBeforeTheFirstHadExpiredIsARepetition() {
    TestEvent event = TestEvent.of("FOO", "again");
    log.pipeInput(event.with(HeaderNames.EXPIRES_AT, millis(START.plusSeconds(1))).record());
    log.pipeInput(event.at(START.plusMillis(999)).record());

    assertThat(counted).containsExactly("standard", "repeated");
  }

  /** It remembered no expiry. */
  @Test
  void whatAnEarlierProcessorRemembersIsNotKeptAgain() {
    TestEvent event = TestEvent.of("FOO", "again");
    byte[] key = event.headers().lastHeader(HeaderNames.IDEMPOTENCY_KEY).value();
    WindowStore<Bytes, byte[]> seen = driver.getWindowStore(RetentionTopology.SEEN_STORE);
    seen.put(new Bytes(key), new byte[] {1}, START.toEpochMilli());
    log.pipeInput(event.at(START.plusSeconds(1)).record());

    assertThat(counted).containsExactly("repeated");
  }

  private static String millis(Instant time) {
    return Long.toString(time.toEpochMilli());
  }

  @Test
  void whatComesAgainForOneGroupIsNotSeenHere() {
    TestEvent state = TestEvent.of("GAME_STATE", "again").stateOf("a", 100);
    log.pipeInput(state.with(HeaderNames.FOR_GROUP, "g").record());
    log.pipeInput(
        TestEvent.of("GAME_STATE", "future")
            .with(HeaderNames.VERSION, "99")
            .with(HeaderNames.FOR_GROUP, "g")
            .record());

    assertThat(ids("standard")).isEmpty();
    assertThat(states()).isEmpty();
    assertThat(read(TOPICS.deadLetters())).isEmpty();
    assertThat(counted).isEmpty();

    // Nor is it remembered: the same event for everybody is the first one.
    log.pipeInput(state.record());
    assertThat(ids("standard")).containsExactly("again");
  }

  @Test
  void whatComesAgainSinceItFailedHereIsKeptForEverybodyAtItsFirstPlace() {
    OriginalPosition first = new OriginalPosition(TOPICS.events(), 3, 17, START.toEpochMilli());
    log.pipeInput(
        TestEvent.of("FOO", "again")
            .with(HeaderNames.FOR_GROUP, "t-processor-retention")
            .with(HeaderNames.ORIGINAL_POSITION, new String(first.toBytes(), UTF_8))
            .record());

    TestRecord<byte[], byte[]> kept = read(TOPICS.ofClass("standard")).get(0);
    assertThat(kept.headers().lastHeader(HeaderNames.FOR_GROUP)).isNull();
    assertThat(OriginalPosition.read(kept.headers())).isEqualTo(first);
  }

  @Test
  void whatFailedHereComesAgainPastTheMemoryOfRepeats() {
    TestEvent event = TestEvent.of("FOO", "failed");
    log.pipeInput(event.with(HeaderNames.FOR_GROUP, "g").record());
    log.pipeInput(event.record());
    log.pipeInput(event.record());
    log.pipeInput(event.with(HeaderNames.FOR_GROUP, "t-processor-retention").record());

    List<TestRecord<byte[], byte[]>> kept = read(TOPICS.ofClass("standard"));
    assertThat(kept).hasSize(2);
    assertThat(kept.get(1).headers().lastHeader(HeaderNames.FOR_GROUP)).isNull();
  }

  @Test
  void copiesThatAllFailedHereComeAgainAsOneEventAndOnceMoreIfThatFails() {
    TestEvent again =
        TestEvent.of("FOO", "failed").with(HeaderNames.FOR_GROUP, "t-processor-retention");
    for (int i = 0; i < 20; i++) {
      log.pipeInput(again.with(HeaderNames.REDRIVE_COUNT, "1").record());
    }
    assertThat(read(TOPICS.ofClass("standard"))).hasSize(1);
    log.pipeInput(again.with(HeaderNames.REDRIVE_COUNT, "2").record());
    assertThat(read(TOPICS.ofClass("standard"))).hasSize(1);
  }

  /** A replay to a group, of an event that had come again for everybody. */
  @Test
  void whatComesForAnotherGroupIsNotKeptWhereverItHadFailed() {
    log.pipeInput(
        TestEvent.of("FOO", "kept")
            .with(HeaderNames.REDRIVE_FROM, "t-processor-retention")
            .with(HeaderNames.FOR_GROUP, "trainer")
            .record());

    assertThat(read(TOPICS.ofClass("standard"))).isEmpty();
  }

  @Test
  void whatIsReplayedToTheGroupThatKeepsEventsIsNotKeptASecondTime() {
    TestEvent event = TestEvent.of("FOO", "kept");
    log.pipeInput(event.record());
    log.pipeInput(
        event
            .with(HeaderNames.REPLAY_ID, "r-1")
            .with(HeaderNames.FOR_GROUP, "t-processor-retention")
            .record());

    assertThat(ids("standard")).containsExactly("kept");
  }

  @Test
  void whatFailedHereIsKeptAlsoWhenItComesAgainForEverybody() {
    TestEvent event = TestEvent.of("FOO", "failed");
    log.pipeInput(event.record());
    TestEvent again = event.with(HeaderNames.REDRIVE_COUNT, "1");
    log.pipeInput(again.with(HeaderNames.REDRIVE_FROM, "trainer").record());
    assertThat(ids("standard")).containsExactly("failed");
    log.pipeInput(again.with(HeaderNames.REDRIVE_FROM, "t-processor-retention").record());

    List<TestRecord<byte[], byte[]>> kept = read(TOPICS.ofClass("standard"));
    assertThat(kept).hasSize(1);
    assertThat(kept.get(0).headers().lastHeader(HeaderNames.REDRIVE_FROM)).isNull();
    assertThat(OriginalPosition.read(kept.get(0).headers()))
        .isEqualTo(new OriginalPosition(TOPICS.events(), 0, 2, START.toEpochMilli()));
  }

  @Test
  void aStateThatTheTopicOfTheNewestDoesNotTakeIsKeptInItsClassAlone() throws Exception {
    catalogue =
        Catalogue.load(
            Files.writeString(
                directory.resolve("c.yaml"),
                "classes: {standard: {maxMessageSize: 64KiB}, latest: {maxMessageSize: 32KiB}}"));
    TestEvent large = TestEvent.of("GAME_STATE", "large").stateOf("a", 101);
    log.pipeInput(TestEvent.of("GAME_STATE", "small").stateOf("a", 100).record());
    log.pipeInput(
        new TestRecord<>(
            large.key(),
            large.event().clone().setLeftovers(bytes(40 * 1024)).build().toByteArray(),
            large.headers(),
            START));
    log.pipeInput(TestEvent.of("GAME_STATE", "next").stateOf("a", 102).record());

    assertThat(ids("standard")).containsExactly("small", "large", "next");
    assertThat(states()).containsExactly("a=small", "a=next");
    assertThat(counted).containsExactly("standard", "standard", "oversized", "standard");
  }

  @Test
  void theNewestStateOfEachGameIsKeptUnderTheGame() {
    log.pipeInput(TestEvent.of("GAME_STATE", "1").stateOf("a", 100).record());
    log.pipeInput(TestEvent.of("GAME_STATE", "2").stateOf("b", 100).record());
    log.pipeInput(TestEvent.of("GAME_STATE", "3").stateOf("a", 101).record());

    assertThat(states()).containsExactly("a=1", "b=2", "a=3");
  }

  @Test
  void anOlderStateThatComesLaterDoesNotReplaceTheNewest() {
    log.pipeInput(TestEvent.of("GAME_STATE", "new").stateOf("a", 101).record());
    log.pipeInput(TestEvent.of("GAME_STATE", "old").stateOf("a", 100).record());

    assertThat(states()).containsExactly("a=new");
    assertThat(ids("standard")).containsExactly("new", "old");
    assertThat(counted).contains("outdated");
  }

  @Test
  void norDoesOneThatComesDaysLaterAsARedriveMay() {
    log.pipeInput(TestEvent.of("GAME_STATE", "new").stateOf("a", 101).record());
    log.pipeInput(TestEvent.of("FOO", "days later").at(START.plus(Duration.ofHours(167))).record());
    log.pipeInput(
        TestEvent.of("GAME_STATE", "old")
            .stateOf("a", 100)
            .at(START.plus(Duration.ofHours(167)))
            .record());

    assertThat(states()).containsExactly("a=new");
  }

  @Test
  void oneStateWhoseClockIsFarAheadDoesNotStopThoseThatFollow() {
    int inMillis = (int) START.plus(Duration.ofHours(2)).getEpochSecond();
    log.pipeInput(TestEvent.of("GAME_STATE", "ahead").stateOf("a", inMillis).record());
    log.pipeInput(TestEvent.of("GAME_STATE", "right").stateOf("a", 100).record());

    assertThat(states()).containsExactly("a=ahead", "a=right");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE / 1_000, Long.MAX_VALUE / 1_000 + 1})
  void norDoesOneWhoseClockIsBeyondAllTimes(long seconds) {
    log.pipeInput(TestEvent.of("GAME_STATE", "ahead").stateOf("a", seconds).record());
    log.pipeInput(TestEvent.of("GAME_STATE", "right").stateOf("a", 100).record());

    assertThat(states()).containsExactly("a=ahead", "a=right");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE / 1_000 - 1})
  void aStateWhoseClockIsBeforeAllTimesIsOlderThanAnyOther(long seconds) {
    log.pipeInput(TestEvent.of("GAME_STATE", "first").stateOf("a", seconds).record());
    log.pipeInput(TestEvent.of("GAME_STATE", "right").stateOf("a", 100).record());
    log.pipeInput(TestEvent.of("GAME_STATE", "old").stateOf("a", seconds).record());

    assertThat(states()).containsExactly("a=first", "a=right");
  }

  @Test
  void aStateOfNoKnownGameIsNoNewestState() {
    log.pipeInput(TestEvent.of("GAME_STATE", "1").record());

    assertThat(states()).isEmpty();
    assertThat(ids("standard")).containsExactly("1");
  }

  @Test
  void bytesThatAreNoEventAreADeadLetterAndTheRestGoesOn() throws Exception {
    TestEvent template = TestEvent.of("MONEY_CHANGED", "m");
    log.pipeInput(
        new TestRecord<>(template.key(), "no event".getBytes(UTF_8), template.headers(), START));
    log.pipeInput(template.record());

    DeadLetter letter = letters().get(0);
    assertThat(letter.getReason()).isEqualTo("unreadable");
    assertThat(letter.getStage()).isEqualTo(DeadLetterStage.DEAD_LETTER_STAGE_DECODE);
    assertThat(letter.getOriginal().toStringUtf8()).isEqualTo("no event");
    assertThat(letter.getHeadersMap()).containsKey(HeaderNames.EVENT_TYPE);
    assertThat(letter.getOrigin().getTopic()).isEqualTo(TOPICS.events());
    assertThat(letter.getGroup()).isEqualTo("t-processor-retention");
    assertThat(ids("standard")).containsExactly("m");
  }

  @Test
  void aRecordThatIsNoneOfTheBussIsADeadLetter() throws Exception {
    log.pipeInput(new TestRecord<>(null, "x".getBytes(UTF_8), new RecordHeaders(), START));
    log.pipeInput(new TestRecord<>(new byte[0], null, new RecordHeaders(), START));

    assertThat(letters()).extracting(DeadLetter::getReason).containsOnly("unreadable").hasSize(2);
  }

  @Test
  void anEventOfAnotherProducerWithoutHeadersIsKeptByWhatItSays() {
    byte[] value = TestEvent.of("ROUND_COMPLETE", "foreign").value();
    log.pipeInput(new TestRecord<>(null, value, new RecordHeaders(), START));

    TestRecord<byte[], byte[]> kept = read(TOPICS.ofClass("archive")).get(0);
    assertThat(kept.value()).isEqualTo(value);
    assertThat(new String(kept.headers().lastHeader(HeaderNames.TOPIC).value(), UTF_8))
        .isEqualTo("game.round.complete");
    assertThat(version(kept)).isEqualTo("1");
  }

  @Test
  void whatIsKeptSaysItsVersion() {
    TestEvent event = TestEvent.of("FOO_BAR", "third");
    byte[] third = event.event().clone().setVersion(3).build().toByteArray();
    log.pipeInput(new TestRecord<>(null, third, new RecordHeaders(), START));
    TestRecord<byte[], byte[]> silent = TestEvent.of("FOO_BAR", "silent").record();
    silent.headers().remove(HeaderNames.VERSION);
    log.pipeInput(silent);
    log.pipeInput(TestEvent.of("FOO_BAR", "second").with(HeaderNames.VERSION, "2").record());

    assertThat(read(TOPICS.ofClass("standard")))
        .extracting(RetentionTopologyTest::version)
        .containsExactly("3", "1", "2");
  }

  private static String version(TestRecord<byte[], byte[]> kept) {
    return new String(kept.headers().lastHeader(HeaderNames.VERSION).value(), UTF_8);
  }

  @Test
  void aVersionFromTheFutureIsADeadLetter() throws Exception {
    log.pipeInput(TestEvent.of("GAME_STATE", "1").with(HeaderNames.VERSION, "1").record());
    log.pipeInput(TestEvent.of("GAME_STATE", "2").with(HeaderNames.VERSION, "2").record());
    log.pipeInput(TestEvent.of("FOO_BAR", "3").with(HeaderNames.VERSION, "7").record());

    assertThat(letters()).extracting(DeadLetter::getReason).containsExactly("future_version");
    assertThat(ids("standard")).containsExactly("1", "3");
  }

  @Test
  void aMessageOfAnotherKindIsADeadLetter() throws Exception {
    log.pipeInput(
        TestEvent.of("FOO", "1")
            .with(HeaderNames.CONTENT_TYPE, "application/x-protobuf; messageType=a.v2.Event")
            .record());

    assertThat(letters())
        .extracting(DeadLetter::getReason)
        .containsExactly("unsupported_content_type");
  }

  @Test
  void whatIsTooLargeForItsClassIsADeadLetter() throws Exception {
    TestEvent event = TestEvent.of("FOO", "large");
    Event.Builder large = event.event().clone().setJson(bytes(1024 * 1024));
    log.pipeInput(
        new TestRecord<>(event.key(), large.build().toByteArray(), event.headers(), START));
    Event.Builder fits = event.event().clone().setJson(bytes(1024 * 1024 - 4096));
    log.pipeInput(
        new TestRecord<>(event.key(), fits.build().toByteArray(), event.headers(), START));

    assertThat(letters()).extracting(DeadLetter::getReason).containsExactly("too_large");
    assertThat(ids("standard")).containsExactly("large");
  }

  private static ByteString bytes(int count) {
    return ByteString.copyFrom(new byte[count]);
  }

  private List<String> ids(String className) {
    return read(TOPICS.ofClass(className)).stream().map(RetentionTopologyTest::id).toList();
  }

  private List<String> states() {
    return read(TOPICS.gamesLatest()).stream()
        .map(record -> new String(record.key(), UTF_8) + "=" + id(record))
        .toList();
  }

  private static String id(TestRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader(HeaderNames.EVENT_ID).value(), UTF_8);
  }

  private List<DeadLetter> letters() throws InvalidProtocolBufferException {
    List<DeadLetter> letters = new ArrayList<>();
    for (TestRecord<byte[], byte[]> record : read(TOPICS.deadLetters())) {
      letters.add(DeadLetter.parseFrom(record.value()));
    }
    return letters;
  }

  private List<TestRecord<byte[], byte[]>> read(String topic) {
    TestOutputTopic<byte[], byte[]> output =
        driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    return output.readRecordsToList();
  }
}
