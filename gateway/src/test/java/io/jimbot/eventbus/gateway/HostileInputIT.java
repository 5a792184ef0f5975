package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.PublishEventRequest;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.SubscriptionMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody should send, or write into Kafka, costs its sender and nobody else. */
class HostileInputIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Timestamp NO_TIME =
      Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build();

  @RegisterExtension static final BusForEachTest BUS = new BusForEachTest("hostile");

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<InputStream> streams = new ArrayList<>();

  @AfterEach
  void closeStreams() throws Exception {
    for (InputStream stream : streams) {
      stream.close();
    }
  }

  @Test
  void whatIsNoTimeOrNoJsonIsRefusedAtEveryDepthWithItsPath() {
    assertRefused(event().setTimestamp(NO_TIME), "event.timestamp");
    assertRefused(
        event().addChanges(event()).addChanges(event().setTimestamp(NO_TIME)),
        "event.changes[1].timestamp");
    assertRefused(
        event().addChanges(event().setLeftovers(ByteString.copyFromUtf8("[1]"))),
        "event.changes[0].leftovers");
  }

  private void assertRefused(Event.Builder event, String path) {
    assertThatThrownBy(
            () ->
                EventBusGrpc.newBlockingStub(BUS.channel())
                    .publishEvent(PublishEventRequest.newBuilder().setEvent(event).build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(io.grpc.protobuf.StatusProto.fromThrowable(e).toString())
                    .contains(path));
  }

  private static Event.Builder event() {
    return Event.newBuilder().setEventType("TEST_STEP").setJson(ByteString.copyFromUtf8("{}"));
  }

  @Test
  void aRecordInTheLogThatCannotBeWrittenAsJsonCostsNoReaderTheOthers() throws Exception {
    SseLines lines = new SseLines(open("/api/v1/events/stream"));
    TestMember tail = tail(StartPosition.newBuilder().setNow(true));
    await().atMost(PATIENCE).until(() -> tail.started && lines.ids.get() > 0);
    write(event().setTimestamp(NO_TIME).setReceivedAt(NO_TIME));
    write(event().setLeftovers(ByteString.copyFromUtf8("no json")));
    GatewaysUnderTest.publish(BUS.channel(), 1, 20);

    await().atMost(PATIENCE).until(() -> has(tail, 20));
    await().atMost(PATIENCE).until(() -> lines.data.get() == 21);
    TestMember another = tail(StartPosition.newBuilder().setEarliest(true));
    await().atMost(PATIENCE).until(() -> has(another, 20));
    assertThat(get("/api/v1/events?limit=100")).contains("\"sequence_number\":20");
  }

  @Test
  void aStartBeforeAllTimeIsTheBeginning() throws Exception {
    GatewaysUnderTest.publish(BUS.channel(), 1, 20);
    for (int i = 0; i < 5; i++) {
      SseLines lines = new SseLines(open("/api/v1/events/stream?start=1969-12-31T00:00:00Z"));
      await().atMost(PATIENCE).until(() -> lines.data.get() == 20);
      assertThat(get("/api/v1/events?from=1969-12-31T00:00:00Z"))
          .contains("\"sequence_number\":20");
    }
    TestMember tail =
        tail(StartPosition.newBuilder().setTime(Timestamp.newBuilder().setSeconds(-1)));
    await().atMost(PATIENCE).until(() -> has(tail, 20));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, 10_000_000_000_000_000L})
  void aStartThatIsNoTimeIsRefused(long seconds) {
    TestMember tail =
        tail(StartPosition.newBuilder().setTime(Timestamp.newBuilder().setSeconds(seconds)));

    await().atMost(PATIENCE).until(() -> tail.failure != null);
    assertThat(Status.fromThrowable(tail.failure).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/events/stream?start=", "/api/v1/events?from="})
  void aYearOfManyDigitsIsRefused(String path) throws Exception {
    assertThat(response(path + "%2B1000000000-12-31T23:59:59Z").statusCode()).isEqualTo(422);
    assertThat(response(path + Long.MAX_VALUE).statusCode()).isEqualTo(422);
  }

  private TestMember tail(StartPosition.Builder start) {
    return new TestMember(
        BUS.channel(),
        TestMember.asking("", SubscriptionMode.SUBSCRIPTION_MODE_TAIL, 100).setStart(start).build(),
        d -> true);
  }

  /** Whether the events 1 to a number are all there. */
  private static boolean has(TestMember member, long last) {
    return GatewaysUnderTest.numbers(member).stream().filter(n -> n >= 1 && n <= last).count()
        == last;
  }

  /** As a native producer might, with the bus's headers. */
  private void write(Event.Builder event) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", BUS.kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(BUS.gateways().log(), event.build().toByteArray());
      record.headers().add(HeaderNames.TOPIC, "custom.test_step".getBytes(UTF_8));
      record.headers().add(HeaderNames.EVENT_TYPE, "TEST_STEP".getBytes(UTF_8));
      record
          .headers()
          .add(
              HeaderNames.CONTENT_TYPE,
              "application/x-protobuf; messageType=jimbot.events.v1.Event".getBytes(UTF_8));
      producer.send(record).get(10, TimeUnit.SECONDS);
    }
  }

  private InputStream open(String path) throws Exception {
    HttpResponse<InputStream> response =
        client.send(request(path), HttpResponse.BodyHandlers.ofInputStream());
    streams.add(response.body());
    return response.body();
  }

  private String get(String path) throws Exception {
    HttpResponse<String> response = response(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private HttpResponse<String> response(String path) throws Exception {
    return client.send(request(path), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + BUS.gateway().httpPort() + path))
        .timeout(PATIENCE)
        .build();
  }

  /** Counts what comes, until the stream is closed. */
  private static final class SseLines {
    private final AtomicInteger data = new AtomicInteger();
    private final AtomicInteger ids = new AtomicInteger();

    SseLines(InputStream stream) {
      Thread thread =
          new Thread(
              () -> {
                try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                  lines.lines().forEach(this::line);
                } catch (IOException | UncheckedIOException e) {
                  // The test has closed it.
                  data.set(Integer.MIN_VALUE);
                }
              },
              "sse-lines");
      thread.setDaemon(true);
      thread.start();
    }

    private void line(String line) {
      if (line.startsWith("data: ")) {
        data.incrementAndGet();
      } else if (line.startsWith("id: ")) {
        ids.incrementAndGet();
      }
    }
  }
}
