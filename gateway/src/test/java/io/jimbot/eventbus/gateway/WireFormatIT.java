package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.ManagedChannel;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.testing.InMemorySchemaRegistry;
import io.jimbot.eventbus.testing.kafka.TestKafka;
import io.jimbot.eventbus.wire.ConfluentProtobufSerializer;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventFilter;
import io.jimbot.events.v1.HandPlayed;
import io.jimbot.events.v1.StreamOpen;
import io.jimbot.events.v1.SubscriptionMode;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Scanner;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values in the Confluent wire format, from the door to the log and out again. */
class WireFormatIT {

  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FRAME_BYTES = 6;

  @TempDir private static Path directory;
  private static TestKafka kafka;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String prefix = "wire" + PREFIXES.incrementAndGet();
  private InMemorySchemaRegistry registry;
  private GatewaysUnderTest gateways;

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = TestKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() throws Exception {
    kafka.close();
  }

  @BeforeEach
  void startRegistry() throws Exception {
    registry = InMemorySchemaRegistry.start(0);
    gateways = with(registry.url());
  }

  @AfterEach
  void stop() throws Exception {
    gateways.close();
    registry.close();
  }

  private GatewaysUnderTest with(String registryUrl) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("schemaRegistry.url", registryUrl);
    settings.put("schemaRegistry.retryInterval", "50ms");
    settings.put("schemaRegistry.maxRetryInterval", "100ms");
    settings.put("schemaRegistry.checkInterval", "100ms");
    return new GatewaysUnderTest(kafka.bootstrapServers(), prefix, settings);
  }

  @Test
  void anEventLiesInTheWireFormatAndComesOutAsItWouldWithout() throws Exception {
    GatewayServer gateway = gateways.start();
    String sent = "{\"type\":\"MONEY_CHANGED\",\"event_id\":\"e-1\",\"payload\":{\"new_value\":7}}";
    assertThat(post(gateway, "/api/v1/events", sent).statusCode()).isEqualTo(200);

    ConsumerRecord<byte[], byte[]> record = log().get(0);
    byte[] value = record.value();
    assertThat(value[0]).isZero();
    assertThat(ByteBuffer.wrap(value).getInt(1)).isEqualTo(registry.id(prefix + ".events-value"));
    assertThat(value[5]).as("the index of the first message, in its short form").isZero();
    Event stored = Event.parseFrom(Arrays.copyOfRange(value, FRAME_BYTES, value.length));
    assertThat(stored.getMoneyChanged().getNewValue()).isEqualTo(7);
    assertThat(contentType(record))
        .isEqualTo("application/x-confluent-protobuf; messageType=jimbot.events.v1.Event");

    assertThat(received(gateway, 1).get(0).getEvent()).isEqualTo(stored);
    assertThat(history(gateway).get(0).path("event")).isEqualTo(JSON.readTree(sent));
    assertThat(stream(gateway, 1).get(0).path("event")).isEqualTo(JSON.readTree(sent));
  }

  @Test
  void aLogMayHoldPlainFramedAndForeignValuesMixed() throws Exception {
    GatewayServer plain = with("none").start();
    post(plain, "/api/v1/events", event("plain"));
    GatewayServer framed = gateways.start();
    post(framed, "/api/v1/events", event("framed"));
    writeForeign(Event.newBuilder().setEventType("hand.played").setGameId("g").build());
    writeRaw(new byte[] {0, 0, 0, 0, 1});
    writeRaw("no event at all".getBytes(UTF_8));
    post(framed, "/api/v1/events", event("last"));

    for (GatewayServer gateway : List.of(plain, framed)) {
      List<Event> tail = received(gateway, 4).stream().map(Delivery::getEvent).toList();
      assertThat(tail)
          .extracting(Event::getEventId)
          .contains("plain", "framed", "last")
          .hasSize(4)
          .anyMatch(id -> id.startsWith(prefix + ".events-"));
      assertThat(history(gateway)).hasSize(4);
      assertThat(stream(gateway, 4)).hasSize(4);
    }
    plain.close();
  }

  @Test
  void anEventOfAnotherProducerIsFoundByWhatItSays() throws Exception {
    GatewayServer gateway = gateways.start();
    Event foreign =
        Event.newBuilder()
            .setEventId("f-1")
            .setEventType("HAND_PLAYED")
            .setSource("analytics")
            .setGameId("g-1")
            .putMetadata("team", "red")
            .setHandPlayed(HandPlayed.newBuilder().setHandsRemaining(2))
            .build();
    writeForeign(foreign);
    post(gateway, "/api/v1/events", event("other"));
    ManagedChannel channel = gateways.connect(gateway);
    TestMember member =
        new TestMember(
            channel,
            TestMember.asking("g", SubscriptionMode.SUBSCRIPTION_MODE_GROUP, 10)
                .clearTopics()
                .addTopics("game.hand.*")
                .setFilter(
                    EventFilter.newBuilder()
                        .addEventTypes("HAND_PLAYED")
                        .addSources("analytics")
                        .addGameIds("g-1")
                        .putMetadata("team", "red"))
                .build(),
            delivery -> true);

    await().atMost(Duration.ofSeconds(30)).until(() -> !member.handled.isEmpty());
    Delivery delivery = member.handled.get(0);
    assertThat(delivery.getTopic()).isEqualTo("game.hand.played");
    assertThat(delivery.getEvent().hasReceivedAt()).isTrue();
    assertThat(delivery.getEvent().toBuilder().clearReceivedAt().build()).isEqualTo(foreign);
  }

  @Test
  void deadLettersAreFramedAndHoldEventsWithoutFrames() throws Exception {
    GatewayServer gateway = gateways.start();
    String batch = "{\"events\":[" + event("good") + ",{\"type\":5}]}";
    assertThat(post(gateway, "/api/v1/events/batch", batch).statusCode()).isEqualTo(207);
    TestMember poisoned =
        new TestMember(
            gateways.connect(gateway),
            StreamOpen.newBuilder()
                .setSubscription(
                    TestMember.asking("poison", SubscriptionMode.SUBSCRIPTION_MODE_GROUP, 10)),
            delivery -> false,
            TestMember.Unhandled.NACKED);
    await().atMost(Duration.ofSeconds(30)).until(() -> letters().size() == 2);

    assertThat(poisoned.received).hasSize(3);
    assertThat(letters())
        .allMatch(record -> record.value()[0] == 0)
        .allMatch(
            record -> contentType(record).endsWith("messageType=jimbot.events.v1.DeadLetter"));
    DeadLetter given =
        DeadLetter.parseFrom(
            unframed(letters().stream().filter(r -> isOfGroup(r)).findFirst().orElseThrow()));
    assertThat(Event.parseFrom(given.getOriginal()).getEventId()).isEqualTo("good");
    assertThat(given.getContentType())
        .isEqualTo("application/x-protobuf; messageType=jimbot.events.v1.Event");
    assertThat(given.getHeadersMap()).containsKey("event-id").doesNotContainKey("content-type");
  }

  @Test
  void aCommandFindsItsGameThroughFrames() throws Exception {
    GatewayServer gateway = gateways.start();
    HttpResponse<String> issued =
        post(gateway, "/api/v1/commands", "{\"action\":\"play_hand\",\"params\":{\"cards\":1}}");
    assertThat(issued.statusCode()).as(issued.body()).isLessThan(300);
    String poll = "http://127.0.0.1:" + gateway.httpPort() + "/api/v1/commands/poll";

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> get(URI.create(poll)).body().contains("play_hand"));
    assertThat(EventLog.read(kafka.bootstrapServers(), prefix + ".commands"))
        .isNotEmpty()
        .allMatch(record -> record.value()[0] == 0);
  }

  @Test
  void aRegistryThatIsAwayAtTheStartIsToldAndWaitedFor() throws Exception {
    int port = registry.port();
    registry.close();
    GatewayServer gateway = GatewayServer.start(gateways.configuration());
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> ready(gateway).body().contains("schema_registry_unreachable"));
      HttpResponse<String> ready = ready(gateway);
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(JSON.readTree(ready.body()).path("schema_registry").path("status").asText())
          .isEqualTo("away");
      HttpResponse<String> refused = post(gateway, "/api/v1/events", event("e-1"));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("schema_registry_unreachable");

      registry = InMemorySchemaRegistry.start(port);
      TestGateway.awaitReady(gateway);
      assertThat(post(gateway, "/api/v1/events", event("e-1")).statusCode()).isEqualTo(200);
      assertThat(log()).hasSize(1).allMatch(record -> record.value()[0] == 0);
    } finally {
      gateway.close();
    }
  }

  @Test
  void aRegistryThatGoesAwayLaterStopsNothingAndShows() throws Exception {
    GatewayServer gateway = gateways.start();
    registry.close();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> ready(gateway).body().contains("\"status\":\"away\""));

    assertThat(ready(gateway).statusCode()).isEqualTo(200);
    assertThat(post(gateway, "/api/v1/events", event("e-1")).statusCode()).isEqualTo(200);
    assertThat(log()).hasSize(1).allMatch(record -> record.value()[0] == 0);
    String metrics = get(URI.create("http://127.0.0.1:" + gateway.httpPort() + "/metrics")).body();
    MetricsPage page = new MetricsPage(metrics.getBytes(UTF_8));
    assertThat(page.sums("eventbus_schema_registry_state", "state")).containsOnlyKeys("away");
    assertThat(page.total("eventbus_schema_registry_failures_total")).isPositive();
  }

  private static String event(String id) {
    return "{\"type\":\"STEP\",\"event_id\":\"" + id + "\",\"game_id\":\"g\",\"payload\":{}}";
  }

  private List<ConsumerRecord<byte[], byte[]>> log() {
    return EventLog.read(kafka.bootstrapServers(), prefix + ".events");
  }

  private List<ConsumerRecord<byte[], byte[]>> letters() {
    return EventLog.read(kafka.bootstrapServers(), prefix + ".dead-letters");
  }

  private static byte[] unframed(ConsumerRecord<byte[], byte[]> record) {
    return Arrays.copyOfRange(record.value(), FRAME_BYTES, record.value().length);
  }

  private static boolean isOfGroup(ConsumerRecord<byte[], byte[]> record) {
    try {
      return DeadLetter.parseFrom(unframed(record)).hasGroup();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static String contentType(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader(HeaderNames.CONTENT_TYPE).value(), UTF_8);
  }

  /** As an application would that knows the registry and the contract, and nothing of the bus. */
  private void writeForeign(Event event) throws Exception {
    try (ConfluentProtobufSerializer<Event> serializer = new ConfluentProtobufSerializer<>()) {
      serializer.configure(Map.of("schema.registry.url", registry.url()), false);
      writeRaw(Objects.requireNonNull(serializer.serialize(prefix + ".events", event)));
    }
  }

  private void writeRaw(byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      var unused =
          producer.send(new ProducerRecord<>(prefix + ".events", "g".getBytes(UTF_8), value)).get();
    }
  }

  private List<Delivery> received(GatewayServer gateway, int count) {
    TestMember tail =
        new TestMember(
            gateways.connect(gateway),
            TestMember.asking("", SubscriptionMode.SUBSCRIPTION_MODE_TAIL, 10).build(),
            delivery -> true);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> tail.received.size() >= count || tail.failure != null);
    assertThat(tail.failure).isNull();
    return tail.received;
  }

  private List<JsonNode> history(GatewayServer gateway) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + gateway.httpPort() + "/api/v1/events");
    List<JsonNode> events = new ArrayList<>();
    JSON.readTree(get(uri).body()).path("events").forEach(events::add);
    return events;
  }

  private List<JsonNode> stream(GatewayServer gateway, int count) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + gateway.httpPort()
                        + "/api/v1/events/stream?start=earliest"))
            .timeout(Duration.ofSeconds(30))
            .build();
    List<JsonNode> events = new ArrayList<>();
    try (InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        Scanner lines = new Scanner(body, UTF_8)) {
      while (events.size() < count) {
        String line = lines.nextLine();
        if (line.startsWith("data: ")) {
          events.add(JSON.readTree(line.substring("data: ".length())));
        }
      }
    }
    return events;
  }

  private HttpResponse<String> ready(GatewayServer gateway) throws Exception {
    return get(URI.create("http://127.0.0.1:" + gateway.httpPort() + "/ready"));
  }

  private HttpResponse<String> get(URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(GatewayServer gateway, String path, String body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
