package io.jimbot.eventbus.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.eventbus.event.json.EventEncoder;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafka;
import io.jimbot.eventbus.kafka.embedded.EmbeddedKafkaSettings;
import io.jimbot.eventbus.testing.CapturedTraffic;
import io.jimbot.eventbus.testing.CapturedTraffic.Request;
import io.jimbot.eventbus.testing.ExactJson;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.DeadLetterStage;
import io.jimbot.events.v1.Event;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The captured traffic of the real mod, over real HTTP into a real Kafka. */
class CapturedTrafficIT {
  /** The bodies of "nasty" in which a quote stands unescaped, by line, and where the fault is. */
  private static final Map<Integer, String> UNREADABLE =
      Map.of(
          602, "events[1].payload.score_history.quoted[0]",
          649, "events[1].payload.score_history");

  @TempDir private static Path directory;
  private static EmbeddedKafka kafka;

  private final EventEncoder encoder = new EventEncoder();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory));
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"typical", "menu", "lost", "nasty"})
  void everyEventLiesInKafkaAsOftenAsItWasSentInOrderAndWhole(String capture) throws Exception {
    List<Request> requests = CapturedTraffic.requests(capture);

    Map<Integer, Integer> statuses = replay(capture, requests);

    statuses.forEach(
        (line, status) ->
            assertThat(status)
                .as("%s line %d", capture, line)
                .isEqualTo(isUnreadable(capture, line) ? 207 : 200));
    List<JsonNode> sent = sentEvents(capture, requests);
    List<ConsumerRecord<byte[], byte[]>> stored =
        EventLog.read(kafka.bootstrapServers(), capture + ".events");
    assertThat(stored).hasSameSizeAs(sent);
    assertThat(stored)
        .extracting(ConsumerRecord::partition)
        .containsOnly(stored.get(0).partition());
    for (int i = 0; i < sent.size(); i++) {
      JsonNode back = ExactJson.read(encoder.encode(Event.parseFrom(stored.get(i).value())));
      assertThat(ExactJson.differences(sent.get(i), back)).as("%s event %d", capture, i).isEmpty();
    }
  }

  @Test
  void unreadableEventsOfTheNastyCaptureLieInTheDeadLettersWithTheirBytesAndTheirPlace()
      throws Exception {
    List<Request> requests =
        CapturedTraffic.requests("nasty").stream()
            .filter(request -> UNREADABLE.containsKey(request.line()))
            .toList();

    replay("broken", requests);

    List<DeadLetter> letters = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record :
        EventLog.read(kafka.bootstrapServers(), "broken.dead-letters")) {
      letters.add(DeadLetter.parseFrom(record.value()));
    }
    assertThat(letters).hasSize(2);
    for (int i = 0; i < 2; i++) {
      Request request = requests.get(i);
      DeadLetter letter = letters.get(i);
      String body = new String(request.body(), UTF_8);
      int begin = body.indexOf(",{\"event_id\"") + 1;
      int end = body.lastIndexOf("}],\"source\"") + 1;
      assertThat(letter.getOriginal().toString(UTF_8)).isEqualTo(body.substring(begin, end));
      assertThat(letter.getPosition()).isEqualTo(body.substring(0, begin).getBytes(UTF_8).length);
      assertThat(letter.getPath()).isEqualTo(UNREADABLE.get(request.line()));
      assertThat(letter.getReason()).isEqualTo("unreadable");
      assertThat(letter.getStage()).isEqualTo(DeadLetterStage.DEAD_LETTER_STAGE_DECODE);
      assertThat(letter.getProducer()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void aRepetitionHasTheIdempotencyKeyOfItsOriginalAndNoOtherEventHas() throws Exception {
    List<Request> requests = CapturedTraffic.requests("lost");

    replay("repeated", requests);

    Map<String, List<String>> identities =
        EventLog.read(kafka.bootstrapServers(), "repeated.events").stream()
            .collect(
                Collectors.groupingBy(
                    record ->
                        HexFormat.of()
                            .formatHex(
                                record.headers().lastHeader(HeaderNames.IDEMPOTENCY_KEY).value()),
                    Collectors.mapping(CapturedTrafficIT::identity, Collectors.toList())));
    assertThat(identities).hasSize(191);
    assertThat(identities.values().stream().mapToInt(List::size).sum()).isEqualTo(231);
    assertThat(identities.values())
        .allSatisfy(group -> assertThat(group).containsOnly(group.get(0)));
  }

  private static String identity(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader(HeaderNames.EVENT_ID).value(), UTF_8)
        + new String(record.headers().lastHeader(HeaderNames.EVENT_TYPE).value(), UTF_8);
  }

  private static boolean isUnreadable(String capture, int line) {
    return capture.equals("nasty") && UNREADABLE.containsKey(line);
  }

  /** Sends the requests one after the other, as the mod does; returns their statuses by line. */
  private Map<Integer, Integer> replay(String prefix, List<Request> requests) throws Exception {
    Map<Integer, Integer> statuses = new TreeMap<>();
    GatewayConfiguration configuration =
        TestGateway.configuration(
            Map.of("bootstrapServers", kafka.bootstrapServers(), "topics.prefix", prefix));
    try (GatewayServer gateway = GatewayServer.start(configuration)) {
      TestGateway.awaitReady(gateway);
      for (Request request : requests) {
        if (!request.path().contains("/commands/")) {
          statuses.put(request.line(), send(gateway.httpPort(), request));
        }
      }
    }
    return statuses;
  }

  private int send(int port, Request request) throws Exception {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + request.path()))
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(builder::header);
    return client.send(builder.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /** The events that the requests hold, read without the product's reader. */
  private static List<JsonNode> sentEvents(String capture, List<Request> requests) {
    List<JsonNode> events = new ArrayList<>();
    for (Request request : requests) {
      if (isUnreadable(capture, request.line())) {
        String body = new String(request.body(), UTF_8);
        int begin = body.indexOf("\"events\":[") + "\"events\":[".length();
        events.add(ExactJson.read(body.substring(begin, body.indexOf(",{\"event_id\""))));
      } else if (request.isBatch()) {
        ExactJson.read(request.body()).get("events").forEach(events::add);
      } else if (request.path().endsWith("/events")) {
        events.add(ExactJson.read(request.body()));
      }
    }
    return events;
  }
}
