package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.SubscriptionMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two gateways restarted in turn, as an update does it, under load and with every kind of member.
 */
class RollingRestartIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private TestKafka kafka;
  private GatewaysUnderTest gateways;
  private Fleet fleet;
  private final List<ReturningMember> members = new ArrayList<>();

  /** What all members of a group or queue have got, in the order in which it came. */
  private final List<Delivery> byGroup = new CopyOnWriteArrayList<>();

  private final List<Delivery> byQueue = new CopyOnWriteArrayList<>();
  private final List<Delivery> byTail = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    kafka = TestKafka.start(directory, GatewaysUnderTest.IMPATIENT_BROKER);
    gateways = new GatewaysUnderTest(kafka.bootstrapServers(), "rolling", Map.of());
    fleet = new Fleet(gateways, 2);
    join(SubscriptionMode.SUBSCRIPTION_MODE_TAIL, "", byTail);
    for (int i = 0; i < 2; i++) {
      join(SubscriptionMode.SUBSCRIPTION_MODE_GROUP, "crew", byGroup);
      join(SubscriptionMode.SUBSCRIPTION_MODE_QUEUE, "pool", byQueue);
    }
  }

  private void join(SubscriptionMode mode, String group, List<Delivery> received) {
    members.add(
        new ReturningMember(
            fleet, TestMember.asking(group, mode, 100).setDeduplicate(true).build(), received));
  }

  @AfterEach
  void stop() throws Exception {
    for (ReturningMember member : members) {
      member.close();
    }
    gateways.close();
    kafka.close();
  }

  @Test
  void aRollingRestartUnderLoadLosesNothingAndGivesNothingUp() throws Exception {
    PatientPublisher publisher = new PatientPublisher(fleet);
    try (publisher) {
      awaitThatAllAreServed(publisher);
      for (int number = 0; number < fleet.size(); number++) {
        fleet.restart(number);
        awaitThatAllAreServed(publisher);
      }
    }

    int stored = publisher.stored();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(numbers(byTail).size()).isEqualTo(stored);
              assertThat(numbers(byGroup).size()).isEqualTo(stored);
              assertThat(numbers(byQueue).size()).isEqualTo(stored);
            });
    assertThat(byTail.size()).isEqualTo(stored);
    TestMember.assertInOrder(byTail);
    TestMember.assertInOrder(byGroup);
    assertThat(gateways.deadLetters()).isEmpty();
    assertThat(stays()).allSatisfy(stay -> assertThat(stay.deliveredAfterDrain).isZero());
    // Each gateway had some, and sent them away.
    assertThat(stays()).filteredOn(stay -> stay.drain != null).hasSizeGreaterThanOrEqualTo(4);
  }

  /** Whoever restarts the next one waits until clients have settled again. */
  private void awaitThatAllAreServed(PatientPublisher publisher) {
    int from = publisher.stored();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(members).filteredOn(member -> !member.isServed()).isEmpty();
              assertThat(newest(byTail)).isGreaterThanOrEqualTo(from);
              assertThat(newest(byGroup)).isGreaterThanOrEqualTo(from);
              assertThat(newest(byQueue)).isGreaterThanOrEqualTo(from);
            });
  }

  private static long newest(List<Delivery> deliveries) {
    return numbers(deliveries).stream().mapToLong(Long::longValue).max().orElse(-1);
  }

  private List<TestMember> stays() {
    return members.stream().flatMap(member -> member.stays.stream()).toList();
  }

  private static Set<Long> numbers(List<Delivery> deliveries) {
    return deliveries.stream()
        .map(delivery -> delivery.getEvent().getSequenceNumber())
        .collect(Collectors.toSet());
  }
}
