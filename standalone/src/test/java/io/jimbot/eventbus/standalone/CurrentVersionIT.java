package io.jimbot.eventbus.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.PublishEventsRequest;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events of older versions through the whole bus, to those who ask for the current one. */
@Timeout(180)
class CurrentVersionIT {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** As they are published, in this order, all of one key. */
  private static final List<Event> PUBLISHED =
      List.of(
          event("DIAGNOSTIC", 0).setSequenceNumber(1).build(),
          event("DIAGNOSTIC", 2).setSequenceNumber(2).build(),
          event("DIAGNOSTIC", 3).setSequenceNumber(3).build(),
          event("METRICS", 1).setSequenceNumber(4).build());

  private static final List<Event> CURRENT =
      List.of(
          event("DIAGNOSTIC", 3).setSequenceNumber(1001).putMetadata("label", "of test").build(),
          event("DIAGNOSTIC", 3).setSequenceNumber(1002).build(),
          PUBLISHED.get(2),
          PUBLISHED.get(3));

  @TempDir private static Path directory;
  private static StandaloneBus bus;
  private static ManagedChannel channel;

  private static Event.Builder event(String type, int version) {
    Event.Builder event =
        Event.newBuilder().setEventType(type).setSource("test").setGameId("versions");
    return version == 0 ? event : event.setVersion(version);
  }

  @BeforeAll
  static void start() throws Exception {
    Path catalogue = Files.writeString(directory.resolve("catalogue.yaml"), TestSteps.CATALOGUE);
    Path gateway =
        Files.writeString(directory.resolve("gateway.yml"), "catalogue: " + catalogue + "\n");
    Path processor =
        Files.writeString(
            directory.resolve("processor.yml"), "retention: {catalogue: " + catalogue + "}\n");
    bus =
        StandaloneBus.start(
            new StandaloneSettings(0, 0, 0, directory.resolve("data"), gateway, null, processor),
            fault -> {});
    channel =
        Grpc.newChannelBuilder("127.0.0.1:" + bus.grpcPort(), InsecureChannelCredentials.create())
            .build();
    var response =
        EventBusGrpc.newBlockingStub(channel)
            .publishEvents(PublishEventsRequest.newBuilder().addAllEvents(PUBLISHED).build());
    assertThat(response.getResultsList())
        .allMatch(result -> result.getFailure().getReason().isEmpty());
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    bus.close();
  }

  private static Subscription.Builder everything() {
    return Subscription.newBuilder()
        .addTopics("**")
        .setStart(StartPosition.newBuilder().setEarliest(true));
  }

  private static List<Event> read(Subscription.Builder subscription) {
    List<Event> events = new ArrayList<>();
    Iterator<SubscribeEventsResponse> responses =
        EventBusGrpc.newBlockingStub(channel)
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .subscribeEvents(
                SubscribeEventsRequest.newBuilder().setSubscription(subscription).build());
    while (events.size() < PUBLISHED.size()) {
      for (Delivery delivery : responses.next().getDeliveries().getDeliveriesList()) {
        // What the bus adds to each.
        events.add(delivery.getEvent().toBuilder().clearEventId().clearReceivedAt().build());
      }
    }
    return events;
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bus.httpPort() + path));
  }

  @Test
  void aTailGetsEventsAsStoredUnlessItAsksForTheCurrentVersion() {
    assertThat(read(everything())).isEqualTo(PUBLISHED);
    assertThat(read(everything().setCurrentVersion(true))).isEqualTo(CURRENT);
  }

  @Test
  void aGroupGetsTheCurrentVersion() {
    assertThat(
            read(
                everything()
                    .setMode(SubscriptionMode.SUBSCRIPTION_MODE_GROUP)
                    .setGroup("current")
                    .setAcknowledgement(
                        io.jimbot.events.v1.AcknowledgementPolicy.newBuilder()
                            .setMaxOutstandingEvents(PUBLISHED.size()))
                    .setCurrentVersion(true)))
        .isEqualTo(CURRENT);
  }

  @Test
  void aQueueGetsTheCurrentVersion() {
    assertThat(
            read(
                everything()
                    .setMode(SubscriptionMode.SUBSCRIPTION_MODE_QUEUE)
                    .setGroup("workers")
                    .setCurrentVersion(true)))
        .containsExactlyInAnyOrderElementsOf(CURRENT);
  }

  @Test
  void aReplayIsReadInTheCurrentVersion() throws Exception {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> send(request("/api/v1/replays/none")).statusCode() == 404);
    HttpResponse<String> made =
        send(
            request("/api/v1/replays")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"topics\":[\"**\"]}")));
    String path = URI.create(made.headers().firstValue("Location").orElseThrow()).getPath();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> send(request(path)).body().contains("\"completed\""));

    assertThat(
            read(
                Subscription.newBuilder()
                    .setReplayId(path.substring(path.lastIndexOf('/') + 1))
                    .setCurrentVersion(true)))
        .isEqualTo(CURRENT);
  }

  @Test
  void historyAndServerSentEventsGiveTheCurrentVersionIfAsked() throws Exception {
    String label = "\"label\":\"of test\"";
    assertThat(send(request("/api/v1/events")).body()).doesNotContain(label);
    assertThat(send(request("/api/v1/events?version=current")).body())
        .contains(label, "\"sequence_number\":1002");
    HttpResponse<String> neither = send(request("/api/v1/events?version=newest"));
    assertThat(neither.statusCode()).isEqualTo(422);
    assertThat(neither.body()).contains("version: stored or current");
    HttpResponse<InputStream> stream =
        CLIENT.send(
            request("/api/v1/events/stream?topic=**&start=earliest&version=current").build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (Scanner lines = new Scanner(stream.body(), "UTF-8")) {
      assertThat(lines.findWithinHorizon("data: .*", 0)).contains(label);
    }
  }

  @Test
  void whatAStepCannotTakeIsCounted() throws Exception {
    assertThat(read(everything().setCurrentVersion(true))).isEqualTo(CURRENT);

    assertThat(send(request("/metrics")).body())
        .contains("eventbus_upcast_events_total{event_type=\"METRICS\",result=\"failed\"}");
  }

  @Test
  void aBusWhoseCatalogueSaysAVersionThatNoStepLeadsToDoesNotStart() throws Exception {
    Path catalogue =
        Files.writeString(directory.resolve("far.yaml"), "types: {DIAGNOSTIC: {version: 4}}");
    Path gateway =
        Files.writeString(directory.resolve("far-gateway.yml"), "catalogue: " + catalogue + "\n");
    Path processor =
        Files.writeString(
            directory.resolve("far-processor.yml"), "retention: {catalogue: " + catalogue + "}\n");

    for (Path[] settings : new Path[][] {{gateway, null}, {null, processor}}) {
      assertThatThrownBy(
              () ->
                  StandaloneBus.start(
                      new StandaloneSettings(
                          0, 0, 0, directory.resolve("far"), settings[0], null, settings[1]),
                      fault -> {}))
          .hasStackTraceContaining(
              "types.DIAGNOSTIC.version is 4, and no step leads from version 3 to the next");
    }
  }
}
