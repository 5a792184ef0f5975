package io.jimbot.eventbus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jimbot.eventbus.event.json.EventEncoder;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.RecordPosition;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;

/** Prints events, one line each. */
final class EventPrinter {

  /** How a line looks. */
  enum Format {
    /** The event's JSON, with every key and value that came in. */
    JSON,
    /** When, where, which type and which id; not the payload. */
    BRIEF;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final EventEncoder encoder = new EventEncoder();
  private final Format format;
  private final PrintWriter out;

  EventPrinter(Format format, PrintWriter out) {
    this.format = format;
    this.out = out;
  }

  void print(Delivery delivery) {
    Event event = delivery.getEvent();
    out.println(
        switch (format) {
          case JSON -> new String(encoder.encode(event), UTF_8);
          case BRIEF -> brief(delivery, event);
        });
    out.flush();
  }

  private static String brief(Delivery delivery, Event event) {
    RecordPosition at = delivery.getPosition();
    Instant received =
        Instant.ofEpochSecond(event.getReceivedAt().getSeconds(), event.getReceivedAt().getNanos());
    return String.join(
        " ",
        received.toString(),
        at.getPartition() + "/" + at.getOffset(),
        delivery.getTopic(),
        event.getEventType(),
        event.getEventId());
  }
}
