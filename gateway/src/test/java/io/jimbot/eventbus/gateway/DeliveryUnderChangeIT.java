package io.jimbot.eventbus.gateway;

import static io.jimbot.eventbus.gateway.GatewaysUnderTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
  void aRecordThatIsNoEventIsCountedInEveryModeAndCostsNothingElse() throws Exception {
    List<TestMember> members = oneOfEachMode();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(gateways.log(), 0, null, new byte[] {1, 2, 3})).get();
      producer.send(new ProducerRecord<>(gateways.log(), 1, new byte[] {1}, null)).get();
    }
    publish(0, 50);
    awaitAll(members, 50);

    MetricsPage metrics = MetricsPage.of(gateway);
    assertThat(List.of("tail", "group", "queue"))
        .allSatisfy(
            mode ->
                assertThat(metrics.total("eventbus_" + mode + "_unreadable_total"))
                    .isGreaterThanOrEqualTo(2));
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

  @Test
  void aSubscriberThatReadsNothingBesideFiftyThatDoCostsABoundedWindowAndGetsAllOfIt()
      throws Exception {
    List<TestMember> fifty = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      fifty.add(member("", SubscriptionMode.SUBSCRIPTION_MODE_TAIL));
    }
    await().atMost(PATIENCE).until(() -> fifty.stream().allMatch(member -> member.started));
    IdleTail idle = new IdleTail(gateways.connect(gateway));
    await().atMost(PATIENCE).until(() -> idle.started);
    AtomicInteger sent = new AtomicInteger();
    // Until the connection's flow control and the gateway's window are full.
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              GatewaysUnderTest.publish(channel, sent.getAndAdd(500), 500, "x".repeat(200));
              return metric("eventbus_tail_subscriptions_waiting") == 1;
            });

    awaitAll(fifty, sent.get());
    assertThat(idle.numbers).hasSizeLessThan(sent.get());
    assertThat(metric("eventbus_tail_window_bytes")).isBetween(1.0, 1.1 * 1024 * 1024);
    idle.readOn();
    await().atMost(PATIENCE).until(() -> idle.numbers.size() == sent.get());
    assertThat(idle.numbers).doesNotHaveDuplicates();
  }

  private double metric(String name) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.httpPort() + "/metrics"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    return answer
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  /** A tail whose client takes the first message and then none until it is told to. */
  private static final class IdleTail extends ClientCall.Listener<SubscribeEventsResponse> {

    final List<Long> numbers = new CopyOnWriteArrayList<>();
    volatile boolean started;
    private volatile boolean reading;
    private final ClientCall<SubscribeEventsRequest, SubscribeEventsResponse> call;

    IdleTail(ManagedChannel channel) {
      call = channel.newCall(EventBusGrpc.getSubscribeEventsMethod(), CallOptions.DEFAULT);
      call.start(this, new Metadata());
      call.sendMessage(
          SubscribeEventsRequest.newBuilder()
              .setSubscription(
                  Subscription.newBuilder()
                      .addTopics("**")
                      .setStart(StartPosition.newBuilder().setNow(true)))
              .build());
      call.halfClose();
      call.request(1);
    }

    void readOn() {
      reading = true;
      call.request(1);
    }

    @Override
    public void onMessage(SubscribeEventsResponse response) {
      started = true;
      response
          .getDeliveries()
          .getDeliveriesList()
          .forEach(delivery -> numbers.add(delivery.getEvent().getSequenceNumber()));
      if (reading) {
        call.request(1);
      }
    }
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
