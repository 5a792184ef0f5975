package io.jimbot.eventbus.bench.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Payload.Request;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Events of 300 bytes that carry a number, so that whoever gets one knows when it was meant to
 * leave. The numbers begin again behind the last; by then the earlier ones must have arrived.
 */
final class NumberedEvents {

  private static final AtomicInteger RUNS = new AtomicInteger();

  /** Ends with the number of the run, so that no run's events repeat those of an earlier one. */
  private static final String HEAD = "{\"event_id\":\"b%03d-";

  private static final int ID_HEAD_LENGTH = "b000-".length();
  private static final int HEAD_LENGTH = HEAD.formatted(0).length();
  private static final int DIGITS = 7;
  private static final String TAIL =
      "\",\"type\":\"MONEY_CHANGED\",\"source\":\"bench\",\"game_id\":\"%s\","
          + "\"payload\":{\"old_value\":4,\"new_value\":7,\"reason\":\"%s\"}}";
  private static final String FILLER = "x".repeat(150);

  private NumberedEvents() {}

  /** So many requests of so many events, numbered through; of each call with ids of its own. */
  static Payload requests(int requests, int eventsOfOne) {
    List<Request> all = new ArrayList<>();
    String head = HEAD.formatted(RUNS.getAndIncrement());
    int number = 0;
    for (int i = 0; i < requests; i++) {
      List<byte[]> events = new ArrayList<>();
      for (int j = 0; j < eventsOfOne; j++) {
        events.add(event(head, number++, "game-" + i % 64));
      }
      all.add(new Request(batch(events), events));
    }
    return new Payload(eventsOfOne + " x 300 B", "/api/v1/events/batch", all);
  }

  private static byte[] event(String head, int number, String game) {
    return (head + String.format("%0" + DIGITS + "d", number) + TAIL.formatted(game, FILLER))
        .getBytes(US_ASCII);
  }

  private static byte[] batch(List<byte[]> events) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"events\":[".getBytes(US_ASCII));
    for (int i = 0; i < events.size(); i++) {
      if (i > 0) {
        body.write(',');
      }
      body.writeBytes(events.get(i));
    }
    body.writeBytes("]}".getBytes(US_ASCII));
    return body.toByteArray();
  }

  /** The number in an event's JSON. */
  static int numberOf(byte[] json) {
    int number = 0;
    for (int i = HEAD_LENGTH; i < HEAD_LENGTH + DIGITS; i++) {
      number = 10 * number + json[i] - '0';
    }
    return number;
  }

  /** The number in an event's id. */
  static int numberOf(String eventId) {
    return Integer.parseInt(eventId, ID_HEAD_LENGTH, eventId.length(), 10);
  }
}
