package io.jimbot.eventbus.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Payload.Request;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.json.BodyDecoder;
import io.jimbot.eventbus.event.json.DecodeLimits;
import io.jimbot.eventbus.event.json.Decoded;
import io.jimbot.eventbus.testing.CapturedTraffic;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is sent: the mod's own bytes, as captured. */
public final class Payloads {

  private static final String CAPTURE = "typical";
  private static final String SINGLE_PATH = "/api/v1/events";
  private static final String BATCH_PATH = "/api/v1/events/batch";
  private static final int LEAST_STATE_BYTES = 6_000;
  private static final int LEAST_SMALL_BYTES = 200;
  private static final int MOST_SMALL_BYTES = 400;
  private static final int LARGE_BATCH = 50;

  private Payloads() {}

  /** The mod's usual batch: a small event and a whole game state, 8 KB together. */
  public static Payload gameStates() {
    List<Request> requests =
        CapturedTraffic.batches(CAPTURE).stream()
            .map(batch -> new Request(batch.body(), events(batch.body())))
            .filter(r -> r.events().size() == 2 && r.body().length >= LEAST_STATE_BYTES)
            .toList();
    return new Payload("real batch of 2, 8 KB", BATCH_PATH, requests);
  }

  /** One small event a request. */
  public static Payload singles() {
    List<Request> requests =
        smallEvents().stream().map(event -> new Request(event, List.of(event))).toList();
    return new Payload("single, 300 B", SINGLE_PATH, requests);
  }

  /** Fifty small events a request. */
  public static Payload largeBatches() {
    List<byte[]> small = smallEvents();
    List<Request> requests = new ArrayList<>();
    for (int from = 0; from < small.size(); from++) {
      List<byte[]> events = new ArrayList<>();
      for (int i = 0; i < LARGE_BATCH; i++) {
        events.add(small.get((from + i) % small.size()));
      }
      requests.add(new Request(batch(events), events));
    }
    return new Payload("batch of 50 x 300 B", BATCH_PATH, requests);
  }

  private static List<byte[]> smallEvents() {
    return CapturedTraffic.batches(CAPTURE).stream()
        .flatMap(batch -> events(batch.body()).stream())
        .filter(e -> e.length >= LEAST_SMALL_BYTES && e.length <= MOST_SMALL_BYTES)
        .toList();
  }

  private static byte[] batch(List<byte[]> events) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"source\":\"BalatroMCP\",\"events\":[".getBytes(UTF_8));
    for (int i = 0; i < events.size(); i++) {
      if (i > 0) {
        body.write(',');
      }
      body.writeBytes(events.get(i));
    }
    body.writeBytes("]}".getBytes(UTF_8));
    return body.toByteArray();
  }

  private static List<byte[]> events(byte[] body) {
    BodyDecoder decoder = new BodyDecoder(DecodeLimits.DEFAULT, EventCatalogue.builtIn());
    return decoder.batch(body, body.length, Instant.EPOCH, () -> "").stream()
        .filter(Decoded.Readable.class::isInstance)
        .map(e -> Arrays.copyOfRange(body, e.position(), e.position() + e.length()))
        .toList();
  }
}
