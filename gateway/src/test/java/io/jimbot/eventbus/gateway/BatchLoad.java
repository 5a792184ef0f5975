package io.jimbot.eventbus.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Posts batches of five events on a few connections, and keeps the book on what was answered. */
final class BatchLoad implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final int EVENTS = 5;

  /** An answer that takes so long counts as none. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private final URI address;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean finished = new AtomicBoolean();
  private final AtomicLong nextEvent = new AtomicLong();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> others = new ConcurrentLinkedQueue<>();
  private final AtomicLong slowestNanos = new AtomicLong();
  private final AtomicBoolean away = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Duration> whileAway = new ConcurrentLinkedQueue<>();

  BatchLoad(int port) {
    address = URI.create("http://127.0.0.1:" + port + "/api/v1/events/batch");
    for (int i = 0; i < CONNECTIONS; i++) {
      Thread thread = new Thread(this::post, "load-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  private void post() {
    while (!finished.get()) {
      List<String> ids = new ArrayList<>();
      StringBuilder batch = new StringBuilder("{\"events\":[");
      for (int i = 0; i < EVENTS; i++) {
        String id = "load-" + nextEvent.incrementAndGet();
        ids.add(id);
        batch.append(i == 0 ? "" : ",");
        batch.append("{\"type\":\"MONEY_CHANGED\",\"event_id\":\"").append(id).append("\"}");
      }
      send(ids, batch.append("],\"source\":\"load\"}").toString());
    }
  }

  private void send(List<String> ids, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(REQUEST_TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    boolean begunWhileAway = away.get();
    long started = System.nanoTime();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      long nanos = System.nanoTime() - started;
      slowestNanos.accumulateAndGet(nanos, Math::max);
      if (begunWhileAway) {
        whileAway.add(Duration.ofNanos(nanos));
      }
      if (response.statusCode() == 200) {
        acknowledged.addAll(ids);
      } else if (response.statusCode() == 503
          && response.headers().firstValue("Retry-After").isPresent()) {
        unavailable.incrementAndGet();
      } else {
        others.add(response.statusCode() + " " + response.body());
      }
    } catch (IOException e) {
      others.add(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ids of the events that were answered with 200. */
  Set<String> acknowledgedEvents() {
    return acknowledged;
  }

  /** How many requests were answered with 503 and Retry-After. */
  int unavailableAnswers() {
    return unavailable.get();
  }

  /** Whatever was answered otherwise. */
  List<String> otherAnswers() {
    return List.copyOf(others);
  }

  Duration slowestAnswer() {
    return Duration.ofNanos(slowestNanos.get());
  }

  /** Says whether the bus is known to have no Kafka, from now on. */
  void busIsAway(boolean isAway) {
    away.set(isAway);
  }

  /** How long the answers took to requests that were begun while the bus was away. */
  List<Duration> answersWhileAway() {
    return List.copyOf(whileAway);
  }

  /** Sends nothing new, and waits for the answers to what was sent. */
  void finish() throws InterruptedException {
    finished.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() throws InterruptedException {
    finish();
  }
}
