package io.jimbot.eventbus.gateway;

import static io.jimbot.eventbus.gateway.GatewaysUnderTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.SubscriptionMode;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subscriptions of every mode while Kafka changes, and many of them at a time. */
class DeliveryUnderChangeIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  @TempDir private static Path directory;
  private static EmbeddedKafka kafka;

  private GatewaysUnderTest gateways;
  private GatewayServer gateway;
  private ManagedChannel channel;

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory));
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @BeforeEach
  void startGateway() throws Exception {
    String prefix = "change" + PREFIXES.incrementAndGet();
    gateways =
        new GatewaysUnderTest(
            kafka.bootstrapServers(),
            prefix,
            Map.of("kafkaClient", Map.of("metadata.max.age.ms", "1000")));
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

  private TestMember member(String group, SubscriptionMode mode) {
    return new TestMember(
        channel,
        TestMember.asking(group, mode, 100)
            .setStart(StartPosition.newBuilder().setNow(true))
            .build(),
        d -> true);
  }

  private List<TestMember> oneOfEachMode() {
    List<TestMember> all =
        List.of(
            member("", SubscriptionMode.SUBSCRIPTION_MODE_TAIL),
            member("crew", SubscriptionMode.SUBSCRIPTION_MODE_GROUP),
            member("pool", SubscriptionMode.SUBSCRIPTION_MODE_QUEUE));
    await().atMost(PATIENCE).until(() -> all.stream().allMatch(member -> member.started));
    return all;
  }

  private static void awaitAll(List<TestMember> members, int sent) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(members).allSatisfy(m -> assertThat(numbers(m)).hasSize(sent)));
  }

  @Test
  void aBrokerThatRestartsCostsNoSubscriptionAnEvent() throws Exception {
    List<TestMember> members = oneOfEachMode();
    publish(0, 100);
    awaitAll(members, 100);

    int port = kafka.port();
    kafka.close();
    kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory).withPort(port));
    GatewaysUnderTest.publishPatiently(channel, 100, 100);

    awaitAll(members, 200);
    assertThat(members).allSatisfy(m -> assertThat(m.failure).isNull());
  }

  @Test
  void partitionsThatTheLogGetsAreReadFromTheirBeginning() throws Exception {
    List<TestMember> members = oneOfEachMode();
    publish(0, 50);
    awaitAll(members, 50);

    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createPartitions(Map.of(gateways.log(), NewPartitions.increaseTo(8)))
          .all()
          .get(10, TimeUnit.SECONDS);
      AtomicInteger sent = new AtomicInteger(50);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                publish(sent.getAndAdd(50), 50);
                return endOfNewPartitions(admin) > 0;
              });
      awaitAll(members, sent.get());
    }
  }

  private long endOfNewPartitions(Admin admin) throws Exception {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 3; partition < 8; partition++) {
      ends.put(new TopicPartition(gateways.log(), partition), OffsetSpec.latest());
    }
    return admin.listOffsets(ends).all().get(10, TimeUnit.SECONDS).values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  @Test
  void aThousandTailsCostKafkaWhatOneCosts() throws Exception {
    List<TestMember> one = List.of(member("", SubscriptionMode.SUBSCRIPTION_MODE_TAIL));
    await().atMost(PATIENCE).until(() -> one.get(0).started);
    long before = bytesOut();
    publish(0, 200);
    awaitAll(one, 200);
    long forOne = bytesOut() - before;

    List<TestMember> thousand = new ArrayList<>();
    for (int connection = 0; connection < 20; connection++) {
      ManagedChannel shared = gateways.connect(gateway);
      for (int i = 0; i < 50; i++) {
        // The events so far are read again from the gateway's memory, not from Kafka.
        thousand.add(
            new TestMember(
                shared,
                TestMember.asking("", SubscriptionMode.SUBSCRIPTION_MODE_TAIL, 100).build(),
                d -> true));
      }
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(thousand).extracting(m -> m.failure).containsOnlyNulls();
              assertThat(thousand).filteredOn(m -> !m.started).isEmpty();
            });
    awaitAll(thousand, 200);
    before = bytesOut();
    publish(200, 200);
    awaitAll(thousand, 400);

    assertThat(forOne).isPositive();
    assertThat(bytesOut() - before).isBetween(1L, forOne * 3 / 2);
  }

  /** What the broker has sent of the log to anyone, in bytes. */
  private long bytesOut() throws Exception {
    ObjectName name =
        new ObjectName(
            "kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec,topic=" + gateways.log());
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    return beans.isRegistered(name) ? (long) beans.getAttribute(name, "Count") : 0;
  }
}
