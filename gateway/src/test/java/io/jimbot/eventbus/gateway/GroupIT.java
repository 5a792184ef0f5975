package io.jimbot.eventbus.gateway;

import static io.jimbot.eventbus.gateway.GatewaysUnderTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.SubscriptionMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumer groups over gRPC: several gateways, real sockets, a broker. */
class GroupIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicInteger PREFIXES = new AtomicInteger();

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
    String prefix = "group" + PREFIXES.incrementAndGet();
    gateways = new GatewaysUnderTest(kafka.bootstrapServers(), prefix, Map.of());
    gateway = gateways.start();
    channel = gateways.connect(gateway);
  }

  @AfterEach
  void stopAll() throws Exception {
    gateways.close();
  }

  private void publish(int from, int count) {
    GatewaysUnderTest.publish(channel, from, count);
  }

  @Test
  void membersOnDifferentGatewaysShareTheEvents() throws Exception {
    TestMember first = new TestMember(channel, "share", d -> true);
    TestMember second = new TestMember(gateways.connect(gateways.start()), "share", d -> true);
    await().atMost(PATIENCE).until(() -> first.started && second.started);
    // Both have partitions only once the group has settled.
    int sent = 0;
    while (first.handled.isEmpty() || second.handled.isEmpty()) {
      publish(sent, 30);
      sent += 30;
      int all = sent;
      await().atMost(PATIENCE).until(() -> numbers(first, second).size() == all);
    }

    assertThat(numbers(first, second)).hasSize(sent);
    first.assertInOrder();
    second.assertInOrder();
    assertThat(gateways.deadLetters()).isEmpty();
  }

  @Test
  void whatAMemberThatIsGoneHadNotAcknowledgedGoesToTheOther() throws Exception {
    TestMember silent = new TestMember(channel, "gone", d -> false);
    await().atMost(PATIENCE).until(() -> silent.started);
    publish(0, 60);
    await().atMost(PATIENCE).until(() -> silent.received.size() == 60);
    // Every third one is acknowledged, out of order.
    for (Delivery delivery : List.copyOf(silent.received)) {
      if (delivery.getEvent().getSequenceNumber() % 3 == 0) {
        silent.acknowledge(delivery);
      }
    }
    silent.close();
    TestMember heir = new TestMember(channel, "gone", d -> true);

    await().atMost(PATIENCE).until(() -> heir.handled.size() >= 40);
    publish(60, 5);
    await().atMost(PATIENCE).until(() -> heir.handled.size() >= 45);
    assertThat(numbers(heir)).noneMatch(n -> n < 60 && n % 3 == 0).hasSize(45);
    assertThat(heir.received).hasSize(45);
    heir.assertInOrder();
  }

  @Test
  void anEventThatFailsForGoodGoesToTheDeadLettersAndDelaysOnlyItsGame() throws Exception {
    TestMember member =
        new TestMember(
            channel,
            StreamOpen.newBuilder()
                .setSubscription(
                    TestMember.asking("poison", SubscriptionMode.SUBSCRIPTION_MODE_GROUP, 1_000)),
            d -> d.getEvent().getSequenceNumber() != 4,
            TestMember.Unhandled.NACKED);
    await().atMost(PATIENCE).until(() -> member.started);
    publish(0, 40);

    await().atMost(PATIENCE).until(() -> numbers(member).size() == 39);
    await().atMost(PATIENCE).until(() -> gateways.deadLetters().size() == 1);
    DeadLetter letter = gateways.deadLetters().get(0);
    assertThat(letter.getReason()).isEqualTo("attempts_exhausted");
    assertThat(letter.getMessage()).isEqualTo("not today");
    assertThat(letter.getAttempts()).isEqualTo(3);
    // Two pauses lie between the first failure and the last: 50 ms and 100 ms.
    assertThat(millis(letter.getLastFailedAt()) - millis(letter.getFirstFailedAt()))
        .isGreaterThanOrEqualTo(150);
    assertThat(letter.getGroup()).isEqualTo("poison");
    assertThat(letter.getOrigin().getTopic()).isEqualTo(gateways.log());
    assertThat(Event.parseFrom(letter.getOriginal()).getSequenceNumber()).isEqualTo(4);
    assertThat(letter.getHeadersMap()).containsKey("event-id");
    // Game 4 has 4, 13, 22, 31: those behind the failed one wait for it.
    assertThat(numbersInOrder(member, "game-4")).containsExactly(13L, 22L, 31L);
  }

  private static long millis(Timestamp time) {
    return time.getSeconds() * 1_000 + time.getNanos() / 1_000_000;
  }

  @Test
  void aKeyGoesOnInOrderWithTheMemberThatGetsItsPartition() throws Exception {
    List<Delivery> all = Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean settles = new AtomicBoolean();
    publish(0, 180);
    TestMember first = keeping("handover", channel, all, settles);
    await().atMost(PATIENCE).until(() -> first.received.size() == 30);
    TestMember second = keeping("handover", gateways.connect(gateways.start()), all, settles);
    await().atMost(PATIENCE).until(() -> !second.received.isEmpty());
    // From now on both are given what is next; what the first one still had in memory of the
    // partitions that have moved must not come from it any more.
    settles.set(true);
    first.received.forEach(first::acknowledge);
    second.received.forEach(second::acknowledge);

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(distinct(all)).hasSize(180));
    TestMember.assertInOrder(List.copyOf(all));
    Set<String> taken = games(second.received);
    assertThat(taken).isNotEmpty();
    assertThat(games(first.received.subList(30, first.received.size())))
        .doesNotContainAnyElementsOf(taken);
    assertThat(gateways.deadLetters()).isEmpty();
  }

  private static TestMember keeping(
      String group, ManagedChannel to, List<Delivery> all, AtomicBoolean settles) {
    return new TestMember(
        to,
        TestMember.asking(group, SubscriptionMode.SUBSCRIPTION_MODE_GROUP, 30).build(),
        d -> {
          all.add(d);
          return settles.get();
        });
  }

  private static Set<Long> distinct(List<Delivery> deliveries) {
    return List.copyOf(deliveries).stream()
        .map(d -> d.getEvent().getSequenceNumber())
        .collect(Collectors.toSet());
  }

  private static Set<String> games(List<Delivery> deliveries) {
    return deliveries.stream().map(d -> d.getEvent().getGameId()).collect(Collectors.toSet());
  }

  @Test
  void gatewaysThatComeAndGoUnderLoadLoseNothingAndGiveUpNothing() throws Exception {
    Set<Long> settled = ConcurrentHashMap.newKeySet();
    List<TestMember> members = new ArrayList<>();
    members.add(new TestMember(channel, "rolling", d -> true));
    GatewayServer extra = gateways.start();
    members.add(new TestMember(gateways.connect(extra), "rolling", d -> true));
    int sent = 0;
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 10; i++) {
        publish(sent, 20);
        sent += 20;
      }
      extra.close();
      extra = gateways.start();
      members.add(new TestMember(gateways.connect(extra), "rolling", d -> true));
    }
    int all = sent;
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              members.forEach(member -> settled.addAll(numbers(member)));
              return settled.size() == all;
            });

    assertThat(gateways.deadLetters()).isEmpty();
    members.forEach(TestMember::assertInOrder);
  }

  @Test
  void whatIsStoredOnceAGroupHasBegunComesToIt() throws Exception {
    for (int round = 0; round < 10; round++) {
      TestMember first = startingNow("now-" + round);
      TestMember second = startingNow("now-" + round);
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .atMost(PATIENCE)
          .until(() -> first.started || second.started);
      publish(round * 9, 9);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(numbers(first, second)).hasSize(9));
      first.close();
      second.close();
    }
  }

  @Test
  void whatAProducerSentAgainArrivesOnceAlsoAfterTheMemberIsReplaced() throws Exception {
    // Each copy goes to a gateway that does not know of the other, so that both are stored.
    ManagedChannel other = gateways.connect(gateways.start());
    TestMember first = deduplicating(channel);
    await().atMost(PATIENCE).until(() -> first.started);
    GatewaysUnderTest.publish(channel, 0, 30, "again-");
    GatewaysUnderTest.publish(other, 0, 20, "again-");
    publish(100, 9);
    await().atMost(PATIENCE).until(() -> numbers(first).size() == 39);
    first.close();
    // Its originals are settled: nothing but the log tells the heir of them.
    TestMember heir = deduplicating(other);
    await().atMost(PATIENCE).until(() -> heir.started);
    GatewaysUnderTest.publish(other, 20, 10, "again-");
    publish(200, 9);

    await().atMost(PATIENCE).until(() -> numbers(first, heir).size() == 48);
    assertThat(EventLog.read(kafka.bootstrapServers(), gateways.log())).hasSize(78);
    assertThat(first.received).hasSize(39);
    assertThat(numbers(heir)).allMatch(number -> number >= 200);
  }

  private static TestMember deduplicating(ManagedChannel to) {
    return new TestMember(
        to,
        TestMember.asking("once", SubscriptionMode.SUBSCRIPTION_MODE_GROUP, 100)
            .setDeduplicate(true)
            .build(),
        d -> true);
  }

  private TestMember startingNow(String group) {
    return new TestMember(
        channel,
        TestMember.asking(group, SubscriptionMode.SUBSCRIPTION_MODE_GROUP, 100)
            .setStart(StartPosition.newBuilder().setNow(true))
            .build(),
        d -> true);
  }

  @Test
  void aMemberThatAsksForOtherEventsIsRefusedAtAnyGateway() throws Exception {
    TestMember member = new TestMember(channel, "agreed", d -> true);
    await().atMost(PATIENCE).until(() -> member.started);

    TestMember other =
        new TestMember(
            gateways.connect(gateways.start()),
            TestMember.asking("agreed", SubscriptionMode.SUBSCRIPTION_MODE_GROUP, 10)
                .setTopics(0, "game.**")
                .build(),
            d -> true);

    await().atMost(PATIENCE).until(() -> other.failure != null);
    assertThat(Status.fromThrowable(other.failure).getCode())
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(other.failure).hasMessageContaining("another filter");
  }

  @Test
  void ofMembersThatAskForDifferentEventsAtTheSameMomentOnlyOneTakesPart() throws Exception {
    ManagedChannel other = gateways.connect(gateways.start());
    publish(0, 30);
    for (int round = 0; round < 5; round++) {
      // Which filter has the lesser fingerprint differs from round to round.
      TestMember wanting = askingFor(channel, "race-" + round, "custom.**");
      TestMember leavingOut = askingFor(other, "race-" + round, "game.round" + round + ".**");

      await().atMost(PATIENCE).until(() -> wanting.failure != null || leavingOut.failure != null);
      assertThat(numbers(leavingOut)).isEmpty();
      if (wanting.failure == null) {
        await().atMost(PATIENCE).until(() -> numbers(wanting).size() == 30);
        wanting.close();
      } else {
        assertThat(numbers(wanting)).isEmpty();
        leavingOut.close();
      }
    }
  }

  private static TestMember askingFor(ManagedChannel to, String group, String topics) {
    return new TestMember(
        to,
        TestMember.asking(group, SubscriptionMode.SUBSCRIPTION_MODE_GROUP, 100)
            .setTopics(0, topics)
            .build(),
        d -> true);
  }

  @Test
  void whatWasDeletedBeforeItWasReadIsCountedAndTheGroupGoesOn() throws Exception {
    TestMember early = new TestMember(channel, "late", d -> true);
    await().atMost(PATIENCE).until(() -> early.started);
    publish(0, 9);
    await().atMost(PATIENCE).until(() -> numbers(early).size() == 9);
    early.close();
    publish(9, 30);
    EventLog.deleteAll(kafka.bootstrapServers(), gateways.log());
    TestMember late = new TestMember(channel, "late", d -> true);
    publish(39, 9);

    await().atMost(PATIENCE).until(() -> numbers(late).size() == 9);
    assertThat(numbers(late)).allMatch(number -> number >= 39);
    assertThat(MetricsPage.of(gateway).total("eventbus_group_deleted_offsets_total")).isEqualTo(30);
  }

  @Test
  void whatWaitsBehindAFailedEventTakesNoRoomOfOtherKeys() throws Exception {
    GatewaysUnderTest narrow =
        new GatewaysUnderTest(
            kafka.bootstrapServers(), "narrow", Map.of("delivery.group.bufferEvents", 20));
    try (narrow) {
      ManagedChannel to = narrow.connect(narrow.start());
      CompletableFuture<TestMember> self = new CompletableFuture<>();
      TestMember member =
          new TestMember(
              to,
              "narrow",
              d -> {
                if (d.getEvent().getSequenceNumber() == 0) {
                  self.join().nack(d, 600);
                  return false;
                }
                return true;
              });
      self.complete(member);
      GatewaysUnderTest.publish(to, 0, 1);
      await().atMost(PATIENCE).until(() -> !member.received.isEmpty());
      // In turns, since one reading may pass the bound: ten events of each game, eight games
      // handled.
      for (int turn = 1; turn <= 5; turn++) {
        GatewaysUnderTest.publish(to, turn * 90, 90);
        int handled = turn * 80;
        await().atMost(PATIENCE).until(() -> numbers(member).size() == handled);
      }

      assertThat(numbers(member)).noneMatch(number -> number % 9 == 0);
    }
  }

  @Test
  void anAcknowledgementOfAnotherStreamsDeliverySettlesNothing() throws Exception {
    TestMember one = new TestMember(channel, "one", d -> false);
    TestMember other = new TestMember(channel, "other", d -> false);
    await().atMost(PATIENCE).until(() -> one.started && other.started);
    publish(0, 18);
    await().atMost(PATIENCE).until(() -> one.received.size() == 18 && other.received.size() == 18);

    one.received.forEach(other::acknowledge);

    await().atMost(PATIENCE).until(() -> other.unsettled.size() == 18);
    assertThat(other.unsettled).allMatch(failure -> failure.getReason().equals("not_here"));
    other.close();
    TestMember heir = new TestMember(channel, "other", d -> true);
    await().atMost(PATIENCE).until(() -> numbers(heir).size() == 18);
  }

  private static List<Long> numbersInOrder(TestMember member, String game) {
    return member.handled.stream()
        .filter(d -> d.getEvent().getGameId().equals(game))
        .map(d -> d.getEvent().getSequenceNumber())
        .distinct()
        .toList();
  }
}
