package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups whose events are delivered one by one for each ordering key. */
class StrictOrderIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int GAMES = 9;
  private static final int EVENTS = 10 * GAMES;

  @TempDir private static Path directory;
  private static TestKafka kafka;
  private static GatewaysUnderTest gateways;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws Exception {
    kafka = TestKafka.start(directory);
    gateways = new GatewaysUnderTest(kafka.bootstrapServers(), "strict", Map.of());
    channel = gateways.connect(gateways.start());
  }

  @AfterAll
  static void stop() throws Exception {
    gateways.close();
    kafka.close();
  }

  @Test
  void nothingOfAGameIsHandledBeforeTheEventThatFailed() throws Exception {
    GatewaysUnderTest.publish(channel, 0, EVENTS);
    List<Long> handled = new CopyOnWriteArrayList<>();
    List<Long> failed = new CopyOnWriteArrayList<>();

    new TestMember(
        channel,
        StreamOpen.newBuilder()
            .setSubscription(strict("one-by-one", SubscriptionMode.SUBSCRIPTION_MODE_GROUP)),
        delivery -> {
          long number = delivery.getEvent().getSequenceNumber();
          // Twice, so that it waits in the middle of its game while the others go on.
          if (number == 4 * GAMES && failed.size() < 2) {
            failed.add(number);
            return false;
          }
          return handled.add(number);
        },
        TestMember.Unhandled.NACKED);

    await().atMost(PATIENCE).until(() -> handled.size() == EVENTS);
    for (int game = 0; game < GAMES; game++) {
      int remainder = game;
      assertThat(handled.stream().filter(number -> number % GAMES == remainder))
          .as("game " + game)
          .isSorted()
          .doesNotHaveDuplicates();
    }
    assertThat(failed).hasSize(2);
    assertThat(gateways.deadLetters()).isEmpty();
  }

  @Test
  void noMoreThanOneOfAGameIsOnItsWay() {
    GatewaysUnderTest.publish(channel, EVENTS, EVENTS);
    List<Delivery> received = new CopyOnWriteArrayList<>();
    TestMember member =
        new TestMember(
            channel,
            strict("keeps", SubscriptionMode.SUBSCRIPTION_MODE_GROUP).build(),
            delivery -> {
              received.add(delivery);
              return false;
            });

    await().atMost(PATIENCE).until(() -> received.size() == GAMES);
    assertThat(received.stream().map(Delivery::getOrderingKey)).doesNotHaveDuplicates();
    Delivery settled = received.get(0);
    member.acknowledge(settled);

    await().atMost(PATIENCE).until(() -> received.size() == GAMES + 1);
    assertThat(received.get(GAMES).getOrderingKey()).isEqualTo(settled.getOrderingKey());
  }

  @Test
  void aQueueWhichKeepsNoOrderCannotBeAskedForIt() {
    TestMember worker =
        new TestMember(
            channel,
            strict("jobs", SubscriptionMode.SUBSCRIPTION_MODE_QUEUE).build(),
            delivery -> true);

    await().atMost(PATIENCE).until(() -> worker.failure != null);
    Status status = Status.fromThrowable(worker.failure);
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("acknowledgement.strict_order");
  }

  private static Subscription.Builder strict(String group, SubscriptionMode mode) {
    Subscription.Builder asked = TestMember.asking(group, mode, 1_000);
    asked.getAcknowledgementBuilder().setStrictOrder(true);
    return asked;
  }
}
