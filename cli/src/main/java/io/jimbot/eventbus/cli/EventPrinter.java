package io.jimbot.eventbus.cli;

import io.jimbot.eventbus.event.json.EventEncoder;
import io.jimbot.events.v1.Delivery;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.RecordPosition;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;

/**
 * Prints events, one line each; what cannot be read of an event costs neither the rest of it nor
 * those behind it.
 */
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
  private final PrintWriter errors;

  /**
   * @param errors is told what could not be read
   */
  EventPrinter(Format format, PrintWriter out, PrintWriter errors) {
    this.format = format;
    this.out = out;
    this.errors = errors;
  }

  void print(Delivery delivery) {
    Event event = delivery.getEvent();
    out.println(
        switch (format) {
          case JSON -> json(delivery, event);
          case BRIEF -> brief(delivery, event);
        });
    out.flush();
  }

  private String json(Delivery delivery, Event event) {
    EventEncoder.Salvaged salvaged = encoder.salvage(event);
    if (salvaged.fault() != null) {
      errors.println(
          "event '%s' at %s is printed without its leftovers, which cannot be read: %s"
              .formatted(event.getEventId(), place(delivery.getPosition()), salvaged.fault()));
      errors.flush();
    }
    return salvaged.json();
  }

  private static String place(RecordPosition at) {
    return at.getPartition() + "/" + at.getOffset();
  }

  private static String brief(Delivery delivery, Event event) {
    Instant received =
        Instant.ofEpochSecond(event.getReceivedAt().getSeconds(), event.getReceivedAt().getNanos());
    return String.join(
        " ",
        received.toString(),
        place(delivery.getPosition()),
        delivery.getTopic(),
        event.getEventType(),
        event.getEventId());
  }
}
