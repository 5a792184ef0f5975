package io.jimbot.eventbus.gateway;

import static io.jimbot.eventbus.gateway.GatewaysUnderTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gateway that is asked to stop, with subscribers of every mode on it and another one beside. */
class GracefulStopIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How long subscribers have; a stop may take a little longer, never as long as a test waits. */
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private static final Duration LONGEST_STOP = DRAIN.plusSeconds(15);

  @RegisterExtension
  static final BusForEachTest BUS =
      new BusForEachTest("stop", Map.of("grpc.drainTimeout", DRAIN.toSeconds() + "s"));

  private String crew = "";
  private GatewayServer stopping;
  private final AtomicInteger sent = new AtomicInteger();

  @BeforeEach
  void startAnother() throws Exception {
    crew = "crew-" + BUS.number();
    stopping = BUS.gateways().start();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"SUBSCRIPTION_MODE_GROUP", "SUBSCRIPTION_MODE_QUEUE"},
      value = SubscriptionMode.class)
  void whatIsAcknowledgedWhileAGatewayStopsIsSettledAndTheRestComesToTheNextMember(
      SubscriptionMode mode) throws Exception {
    TestMember member = member(BUS.gateways().connect(stopping), mode, d -> false);
    publish(60);
    await().atMost(PATIENCE).until(() -> member.received.size() == 60);

    List<Delivery> acknowledged = new ArrayList<>();
    try (Load load = new Load()) {
      CompletableFuture<Duration> stop = stop();
      await().atMost(PATIENCE).until(() -> member.drain != null);
      load.awaitSome();
      List<Delivery> received = List.copyOf(member.received);
      // Every third one, out of order.
      for (int i = received.size() - 1; i >= 0; i -= 3) {
        acknowledged.add(received.get(i));
      }
      acknowledged.forEach(member::acknowledge);

      assertThat(stop.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isBetween(DRAIN.minusSeconds(1), LONGEST_STOP);
      assertThat(membersLeft(mode)).isZero();
      await().atMost(PATIENCE).until(() -> member.failure != null);
      assertThat(Status.fromThrowable(member.failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(member.deliveredAfterDrain).isZero();
    }
    assertTheRestComes(mode, numbersOf(acknowledged));
  }

  private void assertTheRestComes(SubscriptionMode mode, Set<Long> acknowledged) throws Exception {
    TestMember heir = member(BUS.channel(), mode, d -> true);
    int rest = sent.get() - acknowledged.size();
    await().atMost(PATIENCE).until(() -> numbers(heir).size() >= rest);
    publish(5);
    await().atMost(PATIENCE).until(() -> numbers(heir).size() >= rest + 5);
    assertThat(numbers(heir)).hasSize(rest + 5).doesNotContainAnyElementsOf(acknowledged);
    assertThat(heir.received).hasSize(rest + 5);
    assertThat(BUS.gateways().deadLetters()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"SUBSCRIPTION_MODE_GROUP", "SUBSCRIPTION_MODE_QUEUE"},
      value = SubscriptionMode.class)
  void aMemberThatGoesWhenItIsToldIsSettledAndNotWaitedFor(SubscriptionMode mode) throws Exception {
    TestMember member = member(BUS.gateways().connect(stopping), mode, d -> false);
    publish(60);
    await().atMost(PATIENCE).until(() -> member.received.size() == 60);
    List<Delivery> received = List.copyOf(member.received);

    CompletableFuture<Duration> stop = stop();
    await().atMost(PATIENCE).until(() -> member.drain != null);
    received.subList(0, 40).forEach(member::acknowledge);
    member.close();

    assertThat(stop.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isLessThan(LONGEST_STOP);
    assertThat(membersLeft(mode)).isZero();
    assertTheRestComes(mode, numbersOf(received.subList(0, 40)));
  }

  @Test
  void aTailGoesOnElsewhereBehindTheLastEventThatItGot() throws Exception {
    List<TestMember> tails = new ArrayList<>();
    ManagedChannel shared = BUS.gateways().connect(stopping);
    for (int i = 0; i < 20; i++) {
      tails.add(new TestMember(shared, tail().build(), d -> true));
    }
    await().atMost(PATIENCE).until(() -> tails.stream().allMatch(tail -> tail.started));

    try (Load load = new Load()) {
      load.awaitSome();
      CompletableFuture<Duration> stop = stop();
      await().atMost(PATIENCE).until(() -> tails.stream().allMatch(tail -> tail.drain != null));
      load.awaitSome();
      assertThat(stop.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isLessThan(LONGEST_STOP);
    }
    for (TestMember tail : tails) {
      assertThat(tail.deliveredAfterDrain).isZero();
      TestMember heir = new TestMember(BUS.channel(), resuming(tail.resumeToken), d -> true);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(numbers(tail, heir)).hasSize(sent.get()));
      assertThat(tail.received.size() + heir.received.size()).isEqualTo(sent.get());
      heir.close();
    }
  }

  @Test
  void aSubscriberAcknowledgesByACallOfItsOwnUntilTheEnd() throws Exception {
    ManagedChannel own = BUS.gateways().connect(stopping);
    TestMember member = member(own, SubscriptionMode.SUBSCRIPTION_MODE_GROUP, d -> false);
    publish(30);
    await().atMost(PATIENCE).until(() -> member.received.size() == 30);
    List<Delivery> half = List.copyOf(member.received).subList(0, 15);

    CompletableFuture<Duration> stop = stop();
    await().atMost(PATIENCE).until(() -> member.drain != null);
    AcknowledgeRequest.Builder request = AcknowledgeRequest.newBuilder();
    half.forEach(delivery -> request.addAckIds(delivery.getAckId()));

    assertThat(EventBusGrpc.newBlockingStub(own).acknowledge(request.build()).getFailuresList())
        .isEmpty();
    member.close();
    assertThat(stop.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isLessThan(LONGEST_STOP);
    assertTheRestComes(SubscriptionMode.SUBSCRIPTION_MODE_GROUP, numbersOf(half));
  }

  @Test
  void anEventStreamThatIsAskedForMeanwhileEndsAtOnceAndItsClientComesAgain() throws Exception {
    SubscriptionMode mode = SubscriptionMode.SUBSCRIPTION_MODE_GROUP;
    TestMember member = member(BUS.gateways().connect(stopping), mode, d -> true);
    CompletableFuture<Duration> stop = stop();
    await().atMost(PATIENCE).until(() -> member.drain != null);

    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://127.0.0.1:" + stopping.httpPort() + "/api/v1/events/stream"))
                    .timeout(PATIENCE)
                    .build(),
                HttpResponse.BodyHandlers.ofString());

    // A browser comes again, with the id that it has, only after an answer like this.
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    assertThat(answer.body())
        .startsWith("retry: 1000\n\nevent: drain\n")
        .contains("\"stopping\"")
        .doesNotContain("id:");
    member.close();
    assertThat(stop.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isLessThan(LONGEST_STOP);
  }

  private TestMember member(ManagedChannel to, SubscriptionMode mode, Predicate<Delivery> handler) {
    TestMember member = new TestMember(to, TestMember.asking(crew, mode, 1_000).build(), handler);
    await().atMost(PATIENCE).until(() -> member.started);
    return member;
  }

  private static Subscription.Builder tail() {
    return TestMember.asking("", SubscriptionMode.SUBSCRIPTION_MODE_TAIL, 1_000);
  }

  private static Subscription resuming(ByteString token) {
    return tail().setStart(StartPosition.newBuilder().setResumeToken(token)).build();
  }

  private static Set<Long> numbersOf(Collection<Delivery> deliveries) {
    Set<Long> numbers = new HashSet<>();
    deliveries.forEach(delivery -> numbers.add(delivery.getEvent().getSequenceNumber()));
    return numbers;
  }

  private void publish(int count) {
    GatewaysUnderTest.publish(BUS.channel(), sent.get(), count);
    sent.addAndGet(count);
  }

  /** Closes the gateway, as its program does when it is asked to end; tells how long that took. */
  private CompletableFuture<Duration> stop() {
    long before = System.nanoTime();
    return CompletableFuture.runAsync(stopping::close)
        .thenApply(closed -> Duration.ofNanos(System.nanoTime() - before));
  }

  /** How many members Kafka knows: none once the gateway's have left, which stores their places. */
  private int membersLeft(SubscriptionMode mode) throws Exception {
    List<String> groups = List.of(crew);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", BUS.kafka().bootstrapServers()))) {
      return mode == SubscriptionMode.SUBSCRIPTION_MODE_GROUP
          ? admin.describeConsumerGroups(groups).all().get().values().stream()
              .mapToInt(group -> group.members().size())
              .sum()
          : admin.describeShareGroups(groups).all().get().values().stream()
              .mapToInt(group -> group.members().size())
              .sum();
    }
  }

  /** Events all the while, at the gateway that stays. */
  private final class Load implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> publishing =
        thread.scheduleWithFixedDelay(() -> publish(9), 0, 20, TimeUnit.MILLISECONDS);

    /** Some more than there are now. */
    void awaitSome() {
      int before = sent.get();
      await().atMost(PATIENCE).until(() -> !publishing.isDone() && sent.get() >= before + 45);
    }

    @Override
    public void close() throws InterruptedException {
      assertThat(publishing.isDone()).as("could not be published").isFalse();
      thread.shutdown();
      assertThat(thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }
}
