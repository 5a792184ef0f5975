package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.channelz.v1.ChannelzGrpc;
import io.grpc.channelz.v1.GetServerSocketsRequest;
import io.grpc.channelz.v1.GetServersRequest;
import io.grpc.channelz.v1.Server;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.jimbot.eventbus.gateway.ingest.EventSubmission;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.PublishEventRequest;
import io.jimbot.events.v1.PublishEventsRequest;
import io.jimbot.events.v1.PublishFailure;
import io.jimbot.events.v1.PublishResult;
import io.jimbot.events.v1.StreamEventsRequest;
import io.jimbot.events.v1.StreamEventsResponse;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.StreamPublish;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gRPC server does with a call before and beside the events, over sockets. */
class GrpcCallsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a client says first, with settings of which none differs from the usual ones. */
  private static final byte[] HTTP2_PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(US_ASCII);

  private static final String POISON = "poison";
  private static final String NOT_NOW = "not-now";

  private static final ProtobufIngest INGEST = new ProtobufIngest();
  private static GatewayServer gateway;
  private static ManagedChannel channel;

  @BeforeAll
  static void startGateway() throws Exception {
    gateway = TestGateway.start(INGEST, Map.of("grpc.retryAfter", "3s"));
    channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + gateway.grpcPort(), InsecureChannelCredentials.create())
            .build();
  }

  @AfterAll
  static void stopGateway() {
    channel.shutdownNow();
    gateway.close();
  }

  @BeforeEach
  void forgetProducers() {
    INGEST.producers.clear();
  }

  @Test
  void aClientThatAnswersNoPingIsGivenUpAfterSeconds() throws Exception {
    try (GatewayServer asking =
            TestGateway.start(new ProtobufIngest(), Map.of("grpc.keepaliveTime", "1s"));
        Socket vanished = new Socket("127.0.0.1", asking.grpcPort())) {
      // Between gRPC's own 20 seconds and the gateway's 5, each a second later.
      vanished.setSoTimeout(15_000);
      vanished.getOutputStream().write(HTTP2_PREFACE);

      assertThatCode(() -> vanished.getInputStream().transferTo(OutputStream.nullOutputStream()))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void channelzTellsOfTheServerItsCallsAndItsConnections() {
    publishAs("a-client");
    ChannelzGrpc.ChannelzBlockingStub channelz = ChannelzGrpc.newBlockingStub(channel);

    List<Server> servers =
        channelz.getServers(GetServersRequest.getDefaultInstance()).getServerList();

    assertThat(servers).hasSize(1);
    Server server = servers.get(0);
    assertThat(server.getData().getCallsSucceeded()).isPositive();
    assertThat(
            channelz
                .getServerSockets(
                    GetServerSocketsRequest.newBuilder()
                        .setServerId(server.getRef().getServerId())
                        .build())
                .getSocketRefList())
        .hasSize(1);
  }

  @Test
  void theNameThatACallerGivesItselfIsTheProducerOfItsEvents() {
    publishAs("rllib:7");

    assertThat(INGEST.producers).containsExactly("rllib:7");
  }

  @Test
  void aCallerWithoutANameIsKnownByItsAddress() {
    EventBusGrpc.newBlockingStub(channel).publishEvent(request("e"));

    assertThat(INGEST.producers).containsExactly("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b"})
  void aNameThatIsNoneIsRefusedAsOverHttp(String name) {
    StatusRuntimeException refusal =
        catchThrowableOfType(StatusRuntimeException.class, () -> publishAs(name));

    assertThat(refusal.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    assertThat(violatedFields(refusal)).containsExactly("x-client-id");
    assertThat(INGEST.producers).isEmpty();
  }

  @Test
  void aNameThatIsTooLongIsRefused() {
    publishAs("n".repeat(128));

    StatusRuntimeException refusal =
        catchThrowableOfType(StatusRuntimeException.class, () -> publishAs("n".repeat(129)));

    assertThat(violatedFields(refusal)).containsExactly("x-client-id");
  }

  @Test
  void anEventThatMeetsABugCostsTheOthersOfItsStreamNothing() {
    Results results = new Results();
    StreamObserver<StreamEventsRequest> requests =
        EventBusGrpc.newStub(channel).streamEvents(results);
    requests.onNext(
        StreamEventsRequest.newBuilder().setOpen(StreamOpen.newBuilder().setPublish(true)).build());

    for (String id : List.of("e-1", POISON, "e-2")) {
      requests.onNext(
          StreamEventsRequest.newBuilder()
              .setPublish(StreamPublish.newBuilder().setEvent(event(id)))
              .build());
    }

    await().atMost(PATIENCE).until(() -> results.seen.size() == 3);
    assertThat(results.failure).isNull();
    assertThat(results.seen)
        .extracting(PublishResult::hasStored)
        .containsExactlyInAnyOrder(true, false, true);
    PublishResult failed = results.seen.stream().filter(r -> r.hasFailure()).findAny().get();
    assertThat(failed.getFailure().getEventId()).isEqualTo(POISON);
    assertThat(failed.getFailure().getReason()).isEqualTo("internal");
    assertThat(failed.getFailure().getMessage()).startsWith("internal error ");
    assertThat(failed.getFailure().getRetryable()).isFalse();
  }

  @Test
  void anEventThatMeetsABugAloneIsToldSo() {
    StatusRuntimeException refusal =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> EventBusGrpc.newBlockingStub(channel).publishEvent(request(POISON)));

    assertThat(refusal.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INTERNAL);
    assertThat(refusal.getStatus().getDescription()).startsWith("internal error ");
  }

  @Test
  void aRefusalForNowSaysWhenToTryAgain() throws Exception {
    StatusRuntimeException refusal =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> EventBusGrpc.newBlockingStub(channel).publishEvent(request(NOT_NOW)));
    PublishFailure ofMany =
        EventBusGrpc.newBlockingStub(channel)
            .publishEvents(PublishEventsRequest.newBuilder().addEvents(event(NOT_NOW)).build())
            .getResults(0)
            .getFailure();

    assertThat(refusal.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.UNAVAILABLE);
    com.google.protobuf.Duration threeSeconds =
        com.google.protobuf.Duration.newBuilder().setSeconds(3).build();
    Status status = Objects.requireNonNull(StatusProto.fromThrowable(refusal));
    assertThat(status.getDetails(0).unpack(RetryInfo.class).getRetryDelay())
        .isEqualTo(threeSeconds);
    assertThat(ofMany.getRetryable()).isTrue();
    assertThat(ofMany.getRetryAfter()).isEqualTo(threeSeconds);
  }

  private static void publishAs(String name) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("x-client-id", Metadata.ASCII_STRING_MARSHALLER), name);
    EventBusGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .publishEvent(request("e"));
  }

  private static PublishEventRequest request(String id) {
    return PublishEventRequest.newBuilder().setEvent(event(id)).build();
  }

  private static Event event(String id) {
    return Event.newBuilder().setEventType("STEP").setEventId(id).build();
  }

  private static List<String> violatedFields(StatusRuntimeException refusal) {
    Status status = StatusProto.fromThrowable(refusal);
    assertThat(status).isNotNull();
    return status.getDetailsList().stream()
        .filter(detail -> detail.is(BadRequest.class))
        .map(detail -> detail.getValue())
        .flatMap(details -> violations(details).stream())
        .toList();
  }

  private static List<String> violations(com.google.protobuf.ByteString details) {
    try {
      return BadRequest.parseFrom(details).getFieldViolationsList().stream()
          .map(BadRequest.FieldViolation::getField)
          .toList();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes every event but one, at which it throws as a bug would, and one that it cannot take. */
  private static final class ProtobufIngest extends RecordingIngest {
    private final List<String> producers = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<List<Outcome>> submit(EventSubmission submission) {
      String id = submission.events().get(0).getEventId();
      if (id.equals(POISON)) {
        throw new IllegalStateException("a bug, on purpose");
      }
      if (id.equals(NOT_NOW)) {
        return CompletableFuture.completedFuture(
            List.of(new Outcome.Failed("kafka_unreachable", "Kafka is away", id)));
      }
      producers.add(submission.producer());
      return CompletableFuture.completedFuture(List.of(accepted(id)));
    }
  }

  /** What became of the events of a stream. */
  private static final class Results implements StreamObserver<StreamEventsResponse> {
    private final List<PublishResult> seen = new CopyOnWriteArrayList<>();
    private volatile @Nullable Throwable failure;

    @Override
    public void onNext(StreamEventsResponse response) {
      if (response.hasPublishResult()) {
        seen.add(response.getPublishResult().getResult());
      }
    }

    @Override
    public void onError(Throwable why) {
      failure = why;
    }

    @Override
    public void onCompleted() {
      // Nothing is to be done.
    }
  }
}
