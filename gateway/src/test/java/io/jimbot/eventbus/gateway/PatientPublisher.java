package io.jimbot.eventbus.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jimbot.events.v1.Event;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Publishes all the while, over gRPC and REST in turn, an event of each game at a time; what is
 * refused for now, or not answered, is sent again to the next gateway until it is stored.
 */
final class PatientPublisher implements AutoCloseable {

  private static final int GAMES = 9;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Fleet fleet;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger stored = new AtomicInteger();
  private final AtomicInteger retries = new AtomicInteger();
  private final ScheduledFuture<?> publishing;

  PatientPublisher(Fleet fleet) {
    this.fleet = fleet;
    this.publishing = thread.scheduleWithFixedDelay(this::publish, 0, 20, TimeUnit.MILLISECONDS);
  }

  private void publish() {
    int first = stored.get();
    List<Event> left = GatewaysUnderTest.events(first, GAMES, "e-");
    boolean overGrpc = first / GAMES % 2 == 0;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (left = attempt(left, overGrpc); !left.isEmpty(); left = attempt(left, overGrpc)) {
      retries.incrementAndGet();
      assertThat(System.nanoTime()).as("could not be published").isLessThan(deadline);
    }
    stored.addAndGet(GAMES);
  }

  /** Sends events once; returns those that may not be stored. */
  private List<Event> attempt(List<Event> events, boolean overGrpc) {
    try {
      return overGrpc ? GatewaysUnderTest.refused(fleet.channel(), events) : post(events);
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(Status.Code.UNAVAILABLE);
      return events;
    } catch (IOException e) {
      // The gateway is gone, perhaps with the answer on its way.
      return events;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private List<Event> post(List<Event> events) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(fleet.uri("/api/v1/events/batch"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json(events)))
            .build();
    int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    assertThat(status).isIn(200, 503);
    return status == 200 ? List.of() : events;
  }

  private static String json(List<Event> events) {
    return events.stream()
        .map(
            e ->
                "{\"type\":\"%s\",\"event_id\":\"%s\",\"game_id\":\"%s\",\"sequence_number\":%d}"
                    .formatted(
                        e.getEventType(), e.getEventId(), e.getGameId(), e.getSequenceNumber()))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** How many events are stored. */
  int stored() {
    return stored.get();
  }

  /** How often something had to be sent again. */
  int retries() {
    return retries.get();
  }

  /** Stores what it has begun with, and stops; fails if something could not be stored. */
  @Override
  public void close() throws Exception {
    if (publishing.isDone()) {
      publishing.get();
    }
    thread.shutdown();
    assertThat(thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }
}
