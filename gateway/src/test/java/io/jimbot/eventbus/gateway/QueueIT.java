package io.jimbot.eventbus.gateway;

import static io.jimbot.eventbus.gateway.GatewaysUnderTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.AcknowledgementPolicy;
import io.jimbot.events.v1.Credit;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Queues over gRPC, on share groups: several gateways, real sockets, a broker. */
class QueueIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SHORT_LOCK_MILLIS = 6_000;
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private GatewaysUnderTest gateways;
  private GatewayServer gateway;
  private ManagedChannel channel;

  @BeforeAll
  static void startKafka() throws Exception {
    Map<String, String> overrides = new HashMap<>(TestKafka.QUICK_GROUPS);
    overrides.put("group.share.min.record.lock.duration.ms", Integer.toString(SHORT_LOCK_MILLIS));
    kafka = TestKafka.start(directory, overrides);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @BeforeEach
  void startGateway() throws Exception {
    String prefix = "queue" + PREFIXES.incrementAndGet();
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

  private static TestMember worker(
      ManagedChannel to, String queue, int maxOutstanding, Predicate<Delivery> handler) {
    return new TestMember(to, asking(queue, maxOutstanding).build(), handler);
  }

  private static Subscription.Builder asking(String queue, int maxOutstanding) {
    return TestMember.asking(queue, SubscriptionMode.SUBSCRIPTION_MODE_QUEUE, maxOutstanding);
  }

  private static TestMember workerWithCredit(
      ManagedChannel to, String queue, int credit, Predicate<Delivery> handler) {
    return new TestMember(
        to,
        StreamOpen.newBuilder()
            .setSubscription(asking(queue, 100))
            .setCredit(Credit.newBuilder().setEvents(credit)),
        handler,
        TestMember.Unhandled.KEPT);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void moreWorkersThanPartitionsShareTheEventsEachOnce() throws Exception {
    ManagedChannel other = gateways.connect(gateways.start());
    List<TestMember> workers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      workers.add(worker(i % 2 == 0 ? channel : other, "share", 5, d -> true));
    }
    await().atMost(PATIENCE).until(() -> workers.stream().allMatch(w -> w.started));
    int sent = 0;
    while (workers.stream().anyMatch(w -> w.handled.isEmpty())) {
      publish(sent, 300);
      sent += 300;
      int all = sent;
      await()
          .atMost(PATIENCE)
          .until(() -> numbers(workers.toArray(TestMember[]::new)).size() == all);
    }

    assertThat(workers.stream().mapToInt(w -> w.received.size()).sum()).isEqualTo(sent);
    assertThat(gateways.deadLetters()).isEmpty();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void anEventThatFailsForGoodGoesToTheDeadLettersAndDelaysNoOther() throws Exception {
    TestMember member =
        new TestMember(
            channel,
            StreamOpen.newBuilder().setSubscription(asking("poison", 100)),
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
    assertThat(letter.getGroup()).isEqualTo("poison");
    assertThat(Event.parseFrom(letter.getOriginal()).getSequenceNumber()).isEqualTo(4);
    assertThat(
            member.received.stream()
                .filter(d -> d.getEvent().getSequenceNumber() == 4)
                .map(Delivery::getAttempt))
        .containsExactly(1, 2, 3);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whatAWorkerThatIsGoneHadNotAcknowledgedGoesToAnother() throws Exception {
    TestMember silent = worker(channel, "gone", 100, d -> d.getEvent().getSequenceNumber() < 20);
    await().atMost(PATIENCE).until(() -> silent.started);
    publish(0, 60);
    await().atMost(PATIENCE).until(() -> silent.received.size() == 60);
    silent.close();
    TestMember heir = worker(channel, "gone", 100, d -> true);

    await().atMost(PATIENCE).until(() -> numbers(silent, heir).size() == 60);
    assertThat(numbers(heir)).allMatch(number -> number >= 20).hasSize(40);
    assertThat(heir.received).allMatch(delivery -> delivery.getAttempt() == 2);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void anAcknowledgementThatIsSentAgainIsTakenAgain() throws Exception {
    TestMember worker = worker(channel, "again", 1, d -> true);
    await().atMost(PATIENCE).until(() -> worker.started);
    publish(0, 1);
    await().atMost(PATIENCE).until(() -> worker.received.size() == 1);
    // The next one comes only once Kafka was told of the first.
    publish(1, 1);
    await().atMost(PATIENCE).until(() -> worker.received.size() == 2);

    AcknowledgeRequest again =
        AcknowledgeRequest.newBuilder().addAckIds(worker.received.get(0).getAckId()).build();
    assertThat(EventBusGrpc.newBlockingStub(channel).acknowledge(again).getFailuresList())
        .isEmpty();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aDeliveryMayTakeLongerThanTheBrokersLock() throws Exception {
    shortenLock("slow");
    TestMember slow = worker(channel, "slow", 1, d -> false);
    await().atMost(PATIENCE).until(() -> slow.started);
    TestMember other = worker(channel, "slow", 10, d -> true);
    await().atMost(PATIENCE).until(() -> other.started);
    int sent = 0;
    while (slow.received.isEmpty()) {
      publish(sent++, 1);
      int all = sent;
      await().atMost(PATIENCE).until(() -> slow.received.size() + other.received.size() == all);
    }
    Delivery held = slow.received.get(0);
    long number = held.getEvent().getSequenceNumber();
    publish(sent, 30);
    int all = sent + 30;

    // What lies behind the held event, in its batch and its partition, waits for nobody.
    await().atMost(PATIENCE).until(() -> other.received.size() == all - 1);
    // Two of the broker's locks would have ended meanwhile; that time must pass.
    await().pollDelay(Duration.ofMillis(2 * SHORT_LOCK_MILLIS)).atMost(PATIENCE).until(() -> true);
    slow.acknowledge(held);
    publish(all, 30);
    await()
        .atMost(PATIENCE)
        .until(() -> delivered(slow).size() + delivered(other).size() == all + 30);

    // Had the lock been lost, the other one would have the event.
    assertThat(numbers(other)).doesNotContain(number);
    assertThat(slow.received)
        .filteredOn(d -> d.getEvent().getSequenceNumber() == number)
        .hasSize(1);
  }

  private static void shortenLock(String queue) throws Exception {
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, queue);
    ConfigEntry lock =
        new ConfigEntry("share.record.lock.duration.ms", Integer.toString(SHORT_LOCK_MILLIS));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(group, List.of(new AlterConfigOp(lock, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whatAProducerSentAgainArrivesOnceWhicheverWorkerHasTheFirst() throws Exception {
    // Each copy goes to a gateway that does not know of the other, so that both are stored.
    ManagedChannel other = gateways.connect(gateways.start());
    GatewaysUnderTest.publish(channel, 0, 30, "again-");
    List<TestMember> workers = List.of(deduplicating(channel), deduplicating(other));
    await().atMost(PATIENCE).until(() -> numbers(workers.toArray(TestMember[]::new)).size() == 30);
    GatewaysUnderTest.publish(other, 0, 60, "again-");

    await().atMost(PATIENCE).until(() -> numbers(workers.toArray(TestMember[]::new)).size() == 60);
    GatewaysUnderTest.publish(channel, 60, 30, "again-");
    await().atMost(PATIENCE).until(() -> numbers(workers.toArray(TestMember[]::new)).size() == 90);
    assertThat(EventLog.read(kafka.bootstrapServers(), gateways.log())).hasSize(120);
    assertThat(workers.stream().mapToInt(worker -> worker.received.size()).sum()).isEqualTo(90);
  }

  private static TestMember deduplicating(ManagedChannel to) {
    return new TestMember(
        to,
        TestMember.asking("once", SubscriptionMode.SUBSCRIPTION_MODE_QUEUE, 10)
            .setDeduplicate(true)
            .build(),
        d -> true);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aWorkerTakesNoMoreThanItCanBeGiven() throws Exception {
    TestMember slow = workerWithCredit(channel, "credit", 1, d -> false);
    await().atMost(PATIENCE).until(() -> slow.started);
    publish(0, 1);
    await().atMost(PATIENCE).until(() -> slow.received.size() == 1);
    publish(1, 30);
    TestMember other = worker(channel, "credit", 100, d -> true);

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(numbers(other)).hasSize(30));
    assertThat(slow.received).hasSize(1);
    assertThat(other.received).allMatch(delivery -> delivery.getAttempt() == 1);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whatWaitsForASlowWorkerIsKeptForItHoweverLong() throws Exception {
    ScheduledExecutorService work = Executors.newSingleThreadScheduledExecutor();
    CompletableFuture<TestMember> self = new CompletableFuture<>();
    // Only one event is out at a time, since it has more bytes than may be; the others wait.
    TestMember member =
        new TestMember(
            channel,
            asking("slow-credit", 100)
                .mergeAcknowledgement(
                    AcknowledgementPolicy.newBuilder()
                        .setMaxAttempts(1)
                        .setMaxOutstandingBytes(1)
                        .setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(3))
                        .build())
                .build(),
            d -> {
              var unused =
                  work.schedule(() -> self.join().acknowledge(d), 400, TimeUnit.MILLISECONDS);
              return false;
            });
    self.complete(member);
    await().atMost(PATIENCE).until(() -> member.started);
    publish(0, 30);

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(delivered(member)).hasSize(30));
    assertThat(gateways.deadLetters()).isEmpty();
    work.shutdownNow();
  }

  private static Set<Long> delivered(TestMember member) {
    return member.received.stream()
        .map(delivery -> delivery.getEvent().getSequenceNumber())
        .collect(Collectors.toSet());
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void anEventThatWaitsToBeTriedAgainKeepsItsWorkerFromNoOther() throws Exception {
    CompletableFuture<TestMember> self = new CompletableFuture<>();
    TestMember member =
        worker(
            channel,
            "later",
            100,
            d -> {
              if (d.getEvent().getSequenceNumber() == 0 && d.getAttempt() == 1) {
                self.join().nack(d, 40);
                return false;
              }
              return true;
            });
    self.complete(member);
    await().atMost(PATIENCE).until(() -> member.started);
    publish(0, 1);
    await().atMost(PATIENCE).until(() -> member.received.size() == 1);
    publish(1, 20);

    await().atMost(Duration.ofSeconds(30)).until(() -> numbers(member).size() == 20);
    assertThat(member.received).hasSize(21);
    await().atMost(PATIENCE).until(() -> numbers(member).size() == 21);
    assertThat(gateways.deadLetters()).isEmpty();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aNameThatAConsumerGroupHasIsRefused() throws Exception {
    TestMember member = new TestMember(channel, "taken", d -> true);
    await().atMost(PATIENCE).until(() -> member.started);

    TestMember refused = worker(channel, "taken", 10, d -> true);

    await().atMost(PATIENCE).until(() -> refused.failure != null);
    assertThat(refused.failure).hasMessageContaining("taken");
    assertThat(Status.fromThrowable(refused.failure).getCode())
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
  }
}
