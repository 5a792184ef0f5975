package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.Status;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.AcknowledgementPolicy;
import io.jimbot.events.v1.Batching;
import io.jimbot.events.v1.Credit;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.Extension;
import io.jimbot.events.v1.ListTopicsRequest;
import io.jimbot.events.v1.MoneyChanged;
import io.jimbot.events.v1.NegativeAcknowledgement;
import io.jimbot.events.v1.PublishEventRequest;
import io.jimbot.events.v1.PublishEventResponse;
import io.jimbot.events.v1.PublishEventsRequest;
import io.jimbot.events.v1.PublishEventsResponse;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.StreamEventsRequest;
import io.jimbot.events.v1.StreamEventsResponse;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.StreamPublish;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.TopicInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gRPC interface, over sockets and with a broker. */
class GrpcIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private String prefix = "";
  private GatewayServer gateway;
  private ManagedChannel channel;
  private EventBusGrpc.EventBusBlockingStub bus;

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = TestKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @BeforeEach
  void startGateway() throws Exception {
    prefix = "grpc" + PREFIXES.incrementAndGet();
    gateway = newGateway();
    channel = channel(gateway);
    bus = EventBusGrpc.newBlockingStub(channel);
  }

  private GatewayServer newGateway() throws Exception {
    Map<String, Object> overrides = new HashMap<>();
    overrides.put("bootstrapServers", kafka.bootstrapServers());
    overrides.put("topics.prefix", prefix);
    overrides.put("grpc.heartbeatInterval", "200ms");
    overrides.put("grpc.drainTimeout", "2s");
    GatewayServer started = GatewayServer.start(TestGateway.configuration(overrides));
    TestGateway.awaitReady(started);
    return started;
  }

  private static ManagedChannel channel(GatewayServer to) {
    return Grpc.newChannelBuilder("127.0.0.1:" + to.grpcPort(), InsecureChannelCredentials.create())
        .build();
  }

  @AfterEach
  void stopGateway() {
    channel.shutdownNow();
    gateway.close();
  }

  @Test
  void aPublishedEventIsStoredAndDeliveredAsItWasSent() {
    Tail tail = new Tail(channel, all());
    await().atMost(PATIENCE).until(tail::isStarted);
    Event sent =
        Event.newBuilder()
            .setEventType("money.changed")
            .setEventId("e-1")
            .setSource("test")
            .setGameId("game-1")
            .setMoneyChanged(MoneyChanged.newBuilder().setOldValue(4).setNewValue(7))
            .build();
    PublishEventResponse stored =
        bus.publishEvent(
            PublishEventRequest.newBuilder().setEvent(sent).setOrderingKey("k").build());

    assertThat(stored.getEventId()).isEqualTo("e-1");
    assertThat(stored.getTopic()).isEqualTo("game.money.changed");
    await().atMost(PATIENCE).until(() -> tail.count() == 1);
    Delivery delivery = tail.deliveries().get(0);
    assertThat(delivery.getPosition()).isEqualTo(stored.getPosition());
    assertThat(delivery.getTopic()).isEqualTo("game.money.changed");
    assertThat(delivery.getOrderingKey()).isEqualTo("k");
    assertThat(delivery.getEvent().toBuilder().clearReceivedAt().build())
        .isEqualTo(sent.toBuilder().setEventType("MONEY_CHANGED").build());
  }

  @Test
  void anEventThatIsSentAgainIsAnsweredWithWhereItLies() {
    Event event = event("again", 1).toBuilder().setEventId("e-again").build();
    PublishEventRequest request = PublishEventRequest.newBuilder().setEvent(event).build();
    PublishEventResponse first = bus.publishEvent(request);

    PublishEventResponse second = bus.publishEvent(request);

    assertThat(first.getRepeat()).isFalse();
    assertThat(second).isEqualTo(first.toBuilder().setRepeat(true).build());
  }

  @Test
  void oneEventThatIsRefusedCostsNoOther() {
    PublishEventsResponse response =
        bus.publishEvents(
            PublishEventsRequest.newBuilder()
                .addEvents(event("a", 1))
                .addEvents(Event.newBuilder().setSource("no type"))
                .addEvents(
                    Event.newBuilder()
                        .setEventType("X")
                        .setJson(ByteString.copyFromUtf8("{\"half\":")))
                .addEvents(event("a", 2))
                .build());

    assertThat(response.getResults(0).hasStored()).isTrue();
    assertThat(response.getResults(1).getFailure().getField()).isEqualTo("events[1].event_type");
    assertThat(response.getResults(1).getFailure().getRetryable()).isFalse();
    assertThat(response.getResults(2).getFailure().getField()).isEqualTo("events[2].json");
    assertThat(response.getResults(3).hasStored()).isTrue();
  }

  @Test
  void aRefusalNamesTheField() {
    assertThatThrownBy(() -> bus.publishEvent(PublishEventRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
              assertThat(violations(e)).containsExactly("event.event_type");
            });
  }

  /** It would be stored and delivered with each event, past the limits of their size. */
  @Test
  void anOrderingKeyThatIsTooLongIsRefusedAsOverHttp() {
    assertThatThrownBy(
            () ->
                bus.publishEvents(
                    PublishEventsRequest.newBuilder()
                        .addEvents(event("g", 1))
                        .setOrderingKey("k".repeat(257))
                        .build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
              assertThat(violations(e)).containsExactly("ordering_key");
            });
  }

  @Test
  void everythingThatIsWrongWithASubscriptionIsSaidAtOnce() {
    Iterator<SubscribeEventsResponse> responses =
        bus.subscribeEvents(
            SubscribeEventsRequest.newBuilder()
                .setSubscription(
                    Subscription.newBuilder()
                        .addTopics("a..b")
                        .setGroup("no spaces")
                        .setBatching(
                            Batching.newBuilder()
                                .setMaxEvents(10)
                                .setMaxWait(
                                    com.google.protobuf.Duration.newBuilder().setSeconds(2)))
                        .setAcknowledgement(
                            AcknowledgementPolicy.newBuilder()
                                .setTimeout(
                                    com.google.protobuf.Duration.newBuilder().setSeconds(3)))
                        .setStart(
                            StartPosition.newBuilder()
                                .setResumeToken(ByteString.copyFromUtf8("x"))))
                .build());

    assertThatThrownBy(responses::hasNext)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(violations(e))
                    .contains(
                        "subscription.topics[0]",
                        "subscription.group",
                        "subscription.batching.max_wait",
                        "subscription.start.resume_token"));
  }

  @Test
  void theTokenOfOneGatewayIsGoodAtAnother() throws Exception {
    for (int i = 0; i < 50; i++) {
      bus.publishEvent(PublishEventRequest.newBuilder().setEvent(event("g-" + i % 5, i)).build());
    }
    Tail first = new Tail(channel, from(StartPosition.newBuilder().setEarliest(true)));
    await().atMost(PATIENCE).until(() -> first.count() >= 50);
    ByteString token = first.token();
    for (int i = 50; i < 80; i++) {
      bus.publishEvent(PublishEventRequest.newBuilder().setEvent(event("g-" + i % 5, i)).build());
    }
    GatewayServer second = newGateway();
    ManagedChannel toSecond = channel(second);
    try {
      Tail resumed = new Tail(toSecond, from(StartPosition.newBuilder().setResumeToken(token)));
      await().atMost(PATIENCE).until(() -> resumed.count() >= 30);
      assertThat(resumed.numbers()).allMatch(number -> number >= 50).hasSize(30);
    } finally {
      toSecond.shutdownNow();
      second.close();
    }
  }

  @Test
  void noMoreIsDeliveredThanThereIsCredit() {
    Duplex stream =
        new Duplex(
            channel,
            StreamOpen.newBuilder()
                .setPublish(true)
                .setSubscription(all())
                .setCredit(Credit.newBuilder().setEvents(3)));
    await().atMost(PATIENCE).until(stream::isStarted);
    for (int i = 0; i < 10; i++) {
      stream.publish(i, event("g", i));
    }

    await().atMost(PATIENCE).until(() -> stream.published.size() == 10);
    await().atMost(PATIENCE).until(() -> stream.deliveries.size() == 3);
    stream.send(StreamEventsRequest.newBuilder().setCredit(Credit.newBuilder().setEvents(100)));
    await().atMost(PATIENCE).until(() -> stream.deliveries.size() == 10);
    assertThat(stream.published).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    stream.requests.onCompleted();
    await().atMost(PATIENCE).until(() -> stream.completed);
  }

  @Test
  void eventsAreGatheredAsAsked() {
    Tail tail =
        new Tail(
            channel,
            all().setBatching(Batching.newBuilder().setMaxEvents(5).setMaxWait(seconds(5))));
    await().atMost(PATIENCE).until(tail::isStarted);
    // At once: a heartbeat between two of them would send what has been gathered until then.
    PublishEventsRequest.Builder ten = PublishEventsRequest.newBuilder();
    for (int i = 0; i < 10; i++) {
      ten.addEvents(event("g", i));
    }
    var unused = bus.publishEvents(ten.build());

    await().atMost(PATIENCE).until(() -> tail.count() == 10);
    assertThat(tail.sizes).containsExactly(5, 5);
  }

  @Test
  void whatIsNoAcknowledgementIsToldSo() {
    assertThat(
            bus.acknowledge(
                    AcknowledgeRequest.newBuilder()
                        .addAckIds(ByteString.copyFromUtf8("nonsense"))
                        .build())
                .getFailures(0)
                .getReason())
        .isEqualTo("malformed");
  }

  @Test
  void moreDeliveriesThanFitOneAnswerAreNotSettledTogether() {
    AcknowledgeRequest request =
        AcknowledgeRequest.newBuilder()
            .addAllAckIds(Collections.nCopies(10_001, ByteString.EMPTY))
            .build();

    assertThatThrownBy(() -> bus.acknowledge(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(violations(e)).containsExactly("ack_ids"));
  }

  @Test
  void aClientThatDoesNotReadWhatBecameOfItsAcknowledgementsIsNotReadEither() {
    AtomicInteger unread = new AtomicInteger();
    ClientCall<StreamEventsRequest, StreamEventsResponse> call =
        channel.newCall(EventBusGrpc.getStreamEventsMethod(), CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.sendMessage(
        StreamEventsRequest.newBuilder().setOpen(StreamOpen.newBuilder().setPublish(true)).build());
    StreamEventsRequest nonsense =
        StreamEventsRequest.newBuilder()
            .setAcknowledge(
                AcknowledgeRequest.newBuilder()
                    .addAllAckIds(Collections.nCopies(10_000, ByteString.copyFrom(new byte[100]))))
            .build();

    // Each is a megabyte; what is not read backs up to this client.
    await()
        .during(Duration.ofSeconds(2))
        .atMost(PATIENCE)
        .until(
            () -> {
              while (call.isReady() && unread.get() < 1_000) {
                call.sendMessage(nonsense);
                unread.incrementAndGet();
              }
              return !call.isReady();
            });
    assertThat(unread).hasValueLessThan(100);
    call.cancel("seen enough", null);
  }

  @Test
  void aSubscriptionThatIsRefusedSaysWhyInOneWord() {
    ByteString foreign =
        ByteString.copyFrom(ResumeToken.of("another", new long[] {0, 0, 0}).toBytes());

    assertThatThrownBy(
            () ->
                bus.subscribeEvents(
                        SubscribeEventsRequest.newBuilder()
                            .setSubscription(
                                from(StartPosition.newBuilder().setResumeToken(foreign)))
                            .build())
                    .hasNext())
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(String.valueOf(StatusProto.fromThrowable(e))).contains("foreign_token"));
  }

  @Test
  void anExtensionWithoutATimeIsToldSo() {
    AcknowledgeRequest request =
        AcknowledgeRequest.newBuilder()
            .addExtensions(Extension.newBuilder().setBy(seconds(-1)))
            .addExtensions(Extension.newBuilder())
            .addNacks(NegativeAcknowledgement.newBuilder().setDelay(seconds(-1)))
            .build();

    assertThat(bus.acknowledge(request).getFailuresList())
        .hasSize(3)
        .allMatch(failure -> failure.getReason().equals("malformed"));
  }

  @Test
  void theFirstMessageOfATailAlwaysHasAToken() {
    bus.publishEvent(PublishEventRequest.newBuilder().setEvent(event("g", 1)).build());
    for (int i = 0; i < 100; i++) {
      Tail tail = new Tail(channel, all());
      await().atMost(PATIENCE).until(tail::isStarted);
      assertThat(tail.firstToken.isEmpty()).as("attempt %s", i).isFalse();
    }
  }

  @Test
  void aClientThatEndsBehindARefusedMessageIsRefusedOnce() {
    Duplex stream = new Duplex(channel, StreamOpen.newBuilder());
    stream.requests.onCompleted();

    await().atMost(PATIENCE).until(() -> stream.failure != null);
    assertThat(io.grpc.Status.fromThrowable(stream.failure).getCode())
        .isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void topicsAreListedWithTheirTypes() {
    assertThat(
            bus.listTopics(ListTopicsRequest.newBuilder().addPatterns("game.money.*").build())
                .getTopicsList())
        .extracting(TopicInfo::getName)
        .containsExactly("game.money.changed");
  }

  @Test
  void healthAndReflectionAnswer() throws Exception {
    // The health service follows readiness a little later.
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                HealthGrpc.newBlockingStub(channel)
                        .check(
                            HealthCheckRequest.newBuilder()
                                .setService(EventBusGrpc.SERVICE_NAME)
                                .build())
                        .getStatus()
                    == ServingStatus.SERVING);
    List<String> services = new CopyOnWriteArrayList<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new Observer<ServerReflectionResponse>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    response
                        .getListServicesResponse()
                        .getServiceList()
                        .forEach(service -> services.add(service.getName()));
                  }
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    await().atMost(PATIENCE).until(() -> services.contains(EventBusGrpc.SERVICE_NAME));
    requests.onCompleted();
  }

  @Test
  void aGatewayThatStopsSendsItsSubscribersElsewhere() throws Exception {
    Tail tail = new Tail(channel, all());
    await().atMost(PATIENCE).until(tail::isStarted);
    gateway.close();

    await().atMost(PATIENCE).until(() -> tail.failure != null);
    assertThat(tail.drained).isTrue();
    assertThat(io.grpc.Status.fromThrowable(tail.failure).getCode())
        .isEqualTo(io.grpc.Status.Code.UNAVAILABLE);
  }

  @Test
  void aStreamThatOnlyPublishesIsToldToGoElsewhereAndEnded() {
    Duplex stream = new Duplex(channel, StreamOpen.newBuilder().setPublish(true));
    await().atMost(PATIENCE).until(stream::isStarted);
    gateway.close();

    await().atMost(PATIENCE).until(() -> stream.failure != null);
    assertThat(stream.drained).isTrue();
    assertThat(io.grpc.Status.fromThrowable(stream.failure).getCode())
        .isEqualTo(io.grpc.Status.Code.UNAVAILABLE);
  }

  private static com.google.protobuf.Duration seconds(int seconds) {
    return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build();
  }

  private static Event event(String game, int number) {
    return Event.newBuilder()
        .setEventType("TEST_STEP")
        .setGameId(game)
        .setSequenceNumber(number)
        .setJson(ByteString.copyFromUtf8("{ \"n\": " + number + " }"))
        .build();
  }

  private static Subscription.Builder all() {
    return Subscription.newBuilder().addTopics("**");
  }

  private static Subscription.Builder from(StartPosition.Builder start) {
    return all().setStart(start);
  }

  private static List<String> violations(StatusRuntimeException e) {
    Status status = StatusProto.fromThrowable(e);
    List<String> fields = new ArrayList<>();
    if (status != null) {
      status.getDetailsList().stream()
          .filter(detail -> detail.is(BadRequest.class))
          .forEach(
              detail -> {
                try {
                  detail
                      .unpack(BadRequest.class)
                      .getFieldViolationsList()
                      .forEach(violation -> fields.add(violation.getField()));
                } catch (com.google.protobuf.InvalidProtocolBufferException wrong) {
                  throw new AssertionError(wrong);
                }
              });
    }
    return fields;
  }

  /** Notes nothing but failures. */
  private abstract static class Observer<T> implements StreamObserver<T> {
    volatile @Nullable Throwable failure;
    volatile boolean completed;

    @Override
    public void onError(Throwable why) {
      failure = why;
    }

    @Override
    public void onCompleted() {
      completed = true;
    }
  }

  /** A server-streaming subscriber. */
  private static final class Tail extends Observer<SubscribeEventsResponse> {
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();
    private volatile ByteString token = ByteString.EMPTY;
    private volatile boolean started;
    private volatile ByteString firstToken = ByteString.EMPTY;
    private volatile boolean drained;

    Tail(ManagedChannel channel, Subscription.Builder subscription) {
      EventBusGrpc.newStub(channel)
          .subscribeEvents(
              SubscribeEventsRequest.newBuilder().setSubscription(subscription).build(), this);
    }

    @Override
    public void onNext(SubscribeEventsResponse response) {
      if (!started && response.hasHeartbeat()) {
        firstToken = response.getHeartbeat().getResumeToken();
        started = true;
      }
      drained |= response.hasDrain();
      if (response.hasDeliveries()) {
        sizes.add(response.getDeliveries().getDeliveriesCount());
        deliveries.addAll(response.getDeliveries().getDeliveriesList());
        token = response.getDeliveries().getResumeToken();
      }
    }

    boolean isStarted() {
      return started;
    }

    int count() {
      return deliveries.size();
    }

    List<Delivery> deliveries() {
      return deliveries;
    }

    ByteString token() {
      return token;
    }

    List<Long> numbers() {
      return deliveries.stream().map(d -> d.getEvent().getSequenceNumber()).toList();
    }
  }

  /** A stream in both directions. */
  private static final class Duplex extends Observer<StreamEventsResponse> {
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final List<Long> published = new CopyOnWriteArrayList<>();
    private final StreamObserver<StreamEventsRequest> requests;
    private volatile boolean started;
    private volatile boolean drained;

    Duplex(ManagedChannel channel, StreamOpen.Builder open) {
      requests = EventBusGrpc.newStub(channel).streamEvents(this);
      send(StreamEventsRequest.newBuilder().setOpen(open));
    }

    void send(StreamEventsRequest.Builder request) {
      requests.onNext(request.build());
    }

    void publish(long correlation, Event event) {
      send(
          StreamEventsRequest.newBuilder()
              .setPublish(StreamPublish.newBuilder().setCorrelation(correlation).setEvent(event)));
    }

    @Override
    public void onNext(StreamEventsResponse response) {
      started |= response.hasHeartbeat();
      drained |= response.hasDrain();
      deliveries.addAll(response.getDeliveries().getDeliveriesList());
      if (response.hasPublishResult()) {
        published.add(response.getPublishResult().getCorrelation());
      }
    }

    boolean isStarted() {
      return started;
    }
  }
}
