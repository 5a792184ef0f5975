package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.PublishEventsRequest;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.SubscriptionMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members of groups and workers of queues when events are large. */
class LargeEventsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static final int EVENTS = 60;
  private static final int EVENT_BYTES = 200_000;
  private static final long MIB = 1024 * 1024;

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private GatewaysUnderTest gateways;
  private GatewayServer gateway;
  private ManagedChannel channel;

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = TestKafka.start(directory, TestKafka.QUICK_GROUPS);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @BeforeEach
  void startGateway() throws Exception {
    gateways =
        new GatewaysUnderTest(
            kafka.bootstrapServers(),
            "large" + PREFIXES.incrementAndGet(),
            Map.of(
                "delivery.group.bufferSize", "1MiB",
                "delivery.queue.bufferSize", "1MiB",
                "topics.deadLetters.maxMessageSize", "64KiB",
                "publish.requestTimeout", "10s",
                "publish.deliveryTimeout", "20s"));
    gateway = gateways.start();
    channel = gateways.connect(gateway);
  }

  @AfterEach
  void stopAll() throws Exception {
    gateways.close();
  }

  @Test
  void aGroupMemberThatSettlesNothingStopsReading() throws Exception {
    AtomicBoolean settles = new AtomicBoolean();
    TestMember member = member(channel, SubscriptionMode.SUBSCRIPTION_MODE_GROUP, settles);
    await().atMost(PATIENCE).until(() -> member.started);
    publishLarge(EVENTS);

    await().atMost(PATIENCE).until(() -> metric("eventbus_group_paused_partitions") == 3);
    // A third of the buffer for each partition, and what was fetched of it when it was full.
    assertThat(metric("eventbus_group_held_bytes")).isBetween(1.0 * MIB, 4.0 * MIB);
    assertThat(numbers(member)).hasSizeLessThan(EVENTS);

    settles.set(true);
    member.received.forEach(member::acknowledge);
    await().atMost(PATIENCE).until(() -> numbers(member).size() == EVENTS);
    await().atMost(PATIENCE).until(() -> metric("eventbus_group_held_bytes") == 0);
    await().atMost(PATIENCE).until(() -> metric("eventbus_group_paused_partitions") == 0);
  }

  @Test
  void aQueueWorkerThatSettlesNothingLeavesTheRestToOthers() throws Exception {
    AtomicBoolean settles = new AtomicBoolean();
    TestMember slow = member(channel, SubscriptionMode.SUBSCRIPTION_MODE_QUEUE, settles);
    await().atMost(PATIENCE).until(() -> slow.started);
    publishLarge(EVENTS);
    await().atMost(PATIENCE).until(() -> metric("eventbus_queue_held_bytes") >= MIB);
    TestMember quick =
        member(
            gateways.connect(gateways.start()),
            SubscriptionMode.SUBSCRIPTION_MODE_QUEUE,
            new AtomicBoolean(true));

    await().atMost(PATIENCE).until(() -> numbers(slow, quick).size() == EVENTS);
    assertThat(metric("eventbus_queue_held_bytes")).isBetween(1.0 * MIB, 3.0 * MIB);

    settles.set(true);
    slow.received.forEach(slow::acknowledge);
    await().atMost(PATIENCE).until(() -> metric("eventbus_queue_held_bytes") == 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = SubscriptionMode.class,
      names = {"SUBSCRIPTION_MODE_GROUP", "SUBSCRIPTION_MODE_QUEUE"})
  void aDeadLetterThatKafkaNeverTakesWholeIsStoredWithoutItsOriginal(SubscriptionMode mode)
      throws Exception {
    TestMember member =
        new TestMember(
            channel,
            StreamOpen.newBuilder().setSubscription(TestMember.asking("refuse-" + mode, mode, 100)),
            d -> d.getEvent().getSequenceNumber() != 0,
            TestMember.Unhandled.NACKED);
    await().atMost(PATIENCE).until(() -> member.started);
    publishLarge(1);
    GatewaysUnderTest.publish(channel, 9, 1);

    await().atMost(PATIENCE).until(() -> gateways.deadLetters().size() == 1);
    // The next event of its game is not held up by it.
    await().atMost(PATIENCE).until(() -> GatewaysUnderTest.numbers(member).contains(9L));
    DeadLetter letter = gateways.deadLetters().get(0);
    assertThat(letter.getOriginal()).isEqualTo(ByteString.EMPTY);
    assertThat(letter.getReason()).isEqualTo("attempts_exhausted");
    assertThat(letter.getMessage()).isEqualTo("not today");
    assertThat(letter.getOrigin().getTopic()).isEqualTo(gateways.log());
    assertThat(EventLog.read(kafka.bootstrapServers(), gateways.log()))
        .filteredOn(
            record ->
                record.partition() == letter.getOrigin().getPartition()
                    && record.offset() == letter.getOrigin().getOffset())
        .singleElement()
        .satisfies(
            record -> assertThat(Event.parseFrom(record.value()).getSequenceNumber()).isZero());
  }

  private double metric(String name) throws Exception {
    return MetricsPage.of(gateway).total(name);
  }

  private static TestMember member(ManagedChannel to, SubscriptionMode mode, AtomicBoolean acks) {
    String group = "memory-" + mode;
    return new TestMember(
        to, TestMember.asking(group, mode, 1_000).build(), delivery -> acks.get());
  }

  /** What does not shrink when it is compressed. */
  private void publishLarge(int count) {
    Random random = new Random(7);
    byte[] bytes = new byte[EVENT_BYTES];
    for (int from = 0; from < count; from += 10) {
      PublishEventsRequest.Builder events = PublishEventsRequest.newBuilder();
      for (int i = from; i < Math.min(from + 10, count); i++) {
        random.nextBytes(bytes);
        events.addEvents(
            Event.newBuilder()
                .setEventType("TEST_STEP")
                .setGameId("game-" + i % 9)
                .setSequenceNumber(i)
                .setJson(
                    ByteString.copyFromUtf8(
                        "\"" + Base64.getEncoder().encodeToString(bytes) + "\"")));
      }
      assertThat(
              EventBusGrpc.newBlockingStub(channel).publishEvents(events.build()).getResultsList())
          .allMatch(result -> result.hasStored());
    }
  }

  private static Set<Long> numbers(TestMember... members) {
    Set<Long> numbers = new HashSet<>();
    for (TestMember member : members) {
      member.received.forEach(d -> numbers.add(d.getEvent().getSequenceNumber()));
    }
    return numbers;
  }
}
