package io.jimbot.eventbus.gateway;

import static io.jimbot.eventbus.gateway.GatewaysUnderTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.AcknowledgementPolicy;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.Extension;
import io.jimbot.events.v1.NackAction;
import io.jimbot.events.v1.NegativeAcknowledgement;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What groups and queues promise alike, over gRPC: real sockets, a broker. */
class AcknowledgedDeliveryIT {

  /** Less than after which a delivery that nobody acknowledges is made again. */
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  @RegisterExtension
  static final BusForEachTest BUS =
      new BusForEachTest("acknowledged", Map.of(), TestKafka.QUICK_GROUPS);

  /** A name that no other test gives to a group or queue. */
  private static String name() {
    return "acknowledged" + BUS.number();
  }

  private TestMember member(SubscriptionMode mode, Predicate<Delivery> handler) {
    return new TestMember(BUS.channel(), asking(mode).build(), handler);
  }

  private Subscription.Builder asking(SubscriptionMode mode) {
    return TestMember.asking(name(), mode, 100);
  }

  private void publish(int from, int count) {
    GatewaysUnderTest.publish(BUS.channel(), from, count);
  }

  @ParameterizedTest
  @EnumSource(names = {"SUBSCRIPTION_MODE_GROUP", "SUBSCRIPTION_MODE_QUEUE"})
  void whatAClientHadNotAcknowledgedThatBreaksOffGoesToAnother(SubscriptionMode mode) {
    TestMember killed = member(mode, d -> false);
    await().atMost(PATIENCE).until(() -> killed.started);
    publish(0, 30);
    await().atMost(PATIENCE).until(() -> killed.received.size() == 30);

    killed.breakOff();

    TestMember heir = member(mode, d -> true);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(numbers(heir)).hasSize(30));
  }

  /** The stream that has no way back for acknowledgements ends by another way. */
  @ParameterizedTest
  @EnumSource(names = {"SUBSCRIPTION_MODE_GROUP", "SUBSCRIPTION_MODE_QUEUE"})
  void whatAClientHadNotAcknowledgedWhoseConnectionClosesGoesToAnother(SubscriptionMode mode)
      throws Exception {
    publish(0, 30);
    ManagedChannel own = BUS.gateways().connect(BUS.gateway());
    Iterator<SubscribeEventsResponse> responses =
        EventBusGrpc.newBlockingStub(own)
            .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .subscribeEvents(
                SubscribeEventsRequest.newBuilder().setSubscription(asking(mode)).build());
    int received = 0;
    while (received < 30) {
      received += responses.next().getDeliveries().getDeliveriesCount();
    }

    own.shutdownNow();

    TestMember heir = member(mode, d -> true);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(numbers(heir)).hasSize(30));
  }

  @ParameterizedTest
  @EnumSource(names = {"SUBSCRIPTION_MODE_GROUP", "SUBSCRIPTION_MODE_QUEUE"})
  void whatIsParkedLiesInTheDeadLettersAndWhatIsSkippedIsDone(SubscriptionMode mode)
      throws Exception {
    TestMember member = member(mode, d -> false);
    await().atMost(PATIENCE).until(() -> member.started);
    publish(0, 3);
    await().atMost(PATIENCE).until(() -> member.received.size() == 3);

    member.settle(nack(received(member, 0), NackAction.NACK_ACTION_SKIP));
    member.settle(nack(received(member, 1), NackAction.NACK_ACTION_PARK));
    member.settle(nack(received(member, 2), NackAction.NACK_ACTION_SKIP));

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(BUS.gateways().deadLetters()).isNotEmpty());
    // Whoever comes is given what is not settled, before what is stored from now on.
    member.close();
    TestMember heir = member(mode, d -> true);
    publish(3, 9);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(numbers(heir)).hasSize(9));
    assertThat(numbers(heir)).allMatch(number -> number >= 3);
    List<DeadLetter> letters = BUS.gateways().deadLetters();
    assertThat(letters).hasSize(1);
    assertThat(letters.get(0).getReason()).isEqualTo("parked");
    assertThat(letters.get(0).getMessage()).isEqualTo("not for me");
    assertThat(letters.get(0).getGroup()).isEqualTo(name());
    assertThat(Event.parseFrom(letters.get(0).getOriginal()).getSequenceNumber()).isEqualTo(1);
    assertThat(member.unsettled).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"SUBSCRIPTION_MODE_GROUP", "SUBSCRIPTION_MODE_QUEUE"})
  void aDeliveryThatIsExtendedDoesNotTimeOutAndTheOtherDoes(SubscriptionMode mode) {
    Subscription subscription =
        asking(mode)
            .mergeAcknowledgement(AcknowledgementPolicy.newBuilder().setTimeout(seconds(5)).build())
            .build();
    TestMember member = new TestMember(BUS.channel(), subscription, d -> false);
    await().atMost(PATIENCE).until(() -> member.started);
    publish(0, 2);
    await().atMost(PATIENCE).until(() -> member.received.size() >= 2);

    member.settle(
        AcknowledgeRequest.newBuilder()
            .addExtensions(
                Extension.newBuilder()
                    .setAckId(received(member, 0).getAckId())
                    .setBy(seconds(60))));

    await().atMost(PATIENCE).until(() -> count(member, 1) >= 2);
    assertThat(count(member, 0)).isEqualTo(1);
    assertThat(member.unsettled).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"SUBSCRIPTION_MODE_GROUP", "SUBSCRIPTION_MODE_QUEUE"})
  void whatWasTakenInBeforeTheTimeThatIsAskedForIsLeftOut(SubscriptionMode mode) {
    publish(0, 20);
    Instant since = Instant.now().plusMillis(1);
    await().until(() -> Instant.now().isAfter(since));
    publish(20, 20);
    StartPosition start =
        StartPosition.newBuilder()
            .setTime(
                Timestamp.newBuilder().setSeconds(since.getEpochSecond()).setNanos(since.getNano()))
            .build();
    TestMember member =
        new TestMember(BUS.channel(), asking(mode).setStart(start).build(), d -> true);

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(numbers(member)).hasSize(20));
    assertThat(numbers(member)).allMatch(number -> number >= 20);
  }

  private static AcknowledgeRequest.Builder nack(Delivery delivery, NackAction action) {
    return AcknowledgeRequest.newBuilder()
        .addNacks(
            NegativeAcknowledgement.newBuilder()
                .setAckId(delivery.getAckId())
                .setAction(action)
                .setReason("not for me"));
  }

  private static Delivery received(TestMember member, long number) {
    return member.received.stream()
        .filter(d -> d.getEvent().getSequenceNumber() == number)
        .findFirst()
        .orElseThrow();
  }

  private static long count(TestMember member, long number) {
    return member.received.stream().filter(d -> d.getEvent().getSequenceNumber() == number).count();
  }

  private static com.google.protobuf.Duration seconds(int seconds) {
    return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build();
  }
}
