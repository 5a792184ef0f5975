package io.jimbot.eventbus.gateway;

import static io.jimbot.eventbus.gateway.GatewaysUnderTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.SubscriptionMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gateways killed with members of a group or queue on them, under load. */
class KilledGatewaysIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String PREFIX = "killed";
  private static final int ROUND = 20;

  @TempDir private Path directory;
  private TestKafka kafka;
  private GatewaysUnderTest gateways;
  private ManagedChannel survivor;

  /** What came to any member, in the order in which it came. */
  private final List<Delivery> arrivals = new CopyOnWriteArrayList<>();

  private int sent;

  @BeforeEach
  void start() throws Exception {
    kafka = TestKafka.start(directory, GatewaysUnderTest.IMPATIENT_BROKER);
    gateways = new GatewaysUnderTest(kafka.bootstrapServers(), PREFIX, Map.of());
    survivor = gateways.connect(gateways.start());
  }

  @AfterEach
  void stop() throws Exception {
    gateways.close();
    kafka.close();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"SUBSCRIPTION_MODE_GROUP", "SUBSCRIPTION_MODE_QUEUE"},
      value = SubscriptionMode.class)
  void killMinus9LosesNothingAndGivesNothingUp(SubscriptionMode mode) throws Exception {
    List<TestMember> members = new ArrayList<>();
    members.add(member(survivor, mode, true));
    for (int round = 0; round < 2; round++) {
      try (GatewayProcess victim = GatewayProcess.start(kafka.bootstrapServers(), PREFIX)) {
        TestMember thorough = member(gateways.connect(victim.grpcPort()), mode, true);
        TestMember forgetful = member(gateways.connect(victim.grpcPort()), mode, false);
        members.add(thorough);
        members.add(forgetful);
        await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  publish();
                  return !thorough.handled.isEmpty() && !forgetful.received.isEmpty();
                });
        victim.kill();
        publish();
      }
    }
    publish();

    TestMember[] all = members.toArray(TestMember[]::new);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(numbers(all)).hasSize(sent));
    assertThat(gateways.deadLetters()).isEmpty();
    if (mode == SubscriptionMode.SUBSCRIPTION_MODE_GROUP) {
      TestMember.assertInOrder(arrivals);
    }
  }

  private void publish() {
    GatewaysUnderTest.publish(survivor, sent, ROUND);
    sent += ROUND;
  }

  /** One that acknowledges everything, or leaves out every third event. */
  private TestMember member(ManagedChannel channel, SubscriptionMode mode, boolean all) {
    TestMember member =
        new TestMember(
            channel,
            TestMember.asking("crew", mode, 50).build(),
            delivery -> {
              arrivals.add(delivery);
              return all || delivery.getEvent().getSequenceNumber() % 3 != 0;
            });
    await().atMost(PATIENCE).until(() -> member.started);
    return member;
  }
}
