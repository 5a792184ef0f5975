package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.PublishEventsRequest;
import io.jimbot.events.v1.PublishResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** Gateways in front of the same topics, which no other test uses, and clients of them. */
final class GatewaysUnderTest implements AutoCloseable {

  /** The broker's settings with which it gives a dead member up sooner than in production. */
  static final Map<String, String> IMPATIENT_BROKER =
      Map.of(
          "group.consumer.min.session.timeout.ms", "1000",
          "group.consumer.session.timeout.ms", "3000",
          "group.consumer.min.heartbeat.interval.ms", "200",
          "group.consumer.heartbeat.interval.ms", "500",
          "group.share.min.session.timeout.ms", "1000",
          "group.share.session.timeout.ms", "3000",
          "group.share.min.heartbeat.interval.ms", "200",
          "group.share.heartbeat.interval.ms", "500",
          "group.share.min.record.lock.duration.ms", "1000",
          "group.share.record.lock.duration.ms", "2000");

  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
  private final String bootstrapServers;
  private final String prefix;
  private final Map<String, Object> overrides;

  /** Starts none yet. */
  GatewaysUnderTest(String bootstrapServers, String prefix, Map<String, Object> overrides) {
    this.bootstrapServers = bootstrapServers;
    this.prefix = prefix;
    this.overrides = overrides;
  }

  /** Another gateway, once it takes events. */
  GatewayServer start() throws Exception {
    GatewayServer started = GatewayServer.start(configuration());
    open.add(started);
    TestGateway.awaitReady(started);
    return started;
  }

  /** What they are started with. */
  GatewayConfiguration configuration() throws Exception {
    Map<String, Object> all = new HashMap<>();
    all.put("bootstrapServers", bootstrapServers);
    all.put("topics.prefix", prefix);
    all.put("topics.events.partitions", 3);
    all.put("grpc.drainTimeout", "2s");
    all.putAll(overrides);
    return TestGateway.configuration(all);
  }

  /** Another connection. */
  ManagedChannel connect(GatewayServer gateway) {
    return connect(gateway.grpcPort());
  }

  /** The same to any gateway. */
  ManagedChannel connect(int grpcPort) {
    ManagedChannel made =
        Grpc.newChannelBuilder("127.0.0.1:" + grpcPort, InsecureChannelCredentials.create())
            .build();
    open.add(made::shutdownNow);
    return made;
  }

  /** The Kafka topic of the log. */
  String log() {
    return prefix + ".events";
  }

  /** What lies in the dead letters. */
  List<DeadLetter> deadLetters() throws Exception {
    List<DeadLetter> letters = new ArrayList<>();
    for (var record : EventLog.read(bootstrapServers, prefix + ".dead-letters")) {
      letters.add(DeadLetter.parseFrom(record.value()));
    }
    return letters;
  }

  /** Publishes events with these numbers, of nine games in turn. */
  static void publish(ManagedChannel channel, int from, int count) {
    publish(channel, from, count, "");
  }

  /** The same; the events' ids are the numbers behind a prefix, unless that is empty. */
  static void publish(ManagedChannel channel, int from, int count, String idPrefix) {
    assertThat(refused(channel, events(from, count, idPrefix))).isEmpty();
  }

  /**
   * The same as a patient client does it, while Kafka is away: what is refused for now is sent
   * again until it is stored.
   */
  static void publishPatiently(ManagedChannel channel, int from, int count) {
    AtomicReference<List<Event>> left = new AtomicReference<>(events(from, count, ""));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> left.updateAndGet(events -> refused(channel, events)).isEmpty());
  }

  /** Events with these numbers, of nine games in turn. */
  static List<Event> events(int from, int count, String idPrefix) {
    List<Event> events = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      events.add(
          Event.newBuilder()
              .setEventType("TEST_STEP")
              .setEventId(idPrefix.isEmpty() ? "" : idPrefix + i)
              .setGameId("game-" + i % 9)
              .setSequenceNumber(i)
              .setJson(ByteString.copyFromUtf8("{}"))
              .build());
    }
    return events;
  }

  /** Those that were not stored, all of which the gateway would take later. */
  static List<Event> refused(ManagedChannel channel, List<Event> events) {
    List<PublishResult> results =
        EventBusGrpc.newBlockingStub(channel)
            .publishEvents(PublishEventsRequest.newBuilder().addAllEvents(events).build())
            .getResultsList();
    assertThat(results)
        .hasSameSizeAs(events)
        .allMatch(result -> result.hasStored() || result.getFailure().getRetryable());
    return IntStream.range(0, events.size())
        .filter(i -> !results.get(i).hasStored())
        .mapToObj(events::get)
        .toList();
  }

  /** The numbers of the events that any of the members has handled. */
  static Set<Long> numbers(TestMember... members) {
    Set<Long> numbers = new HashSet<>();
    for (TestMember member : members) {
      member.handled.forEach(d -> numbers.add(d.getEvent().getSequenceNumber()));
    }
    return numbers;
  }

  @Override
  public void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }
}
