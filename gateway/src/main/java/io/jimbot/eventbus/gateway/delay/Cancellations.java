package io.jimbot.eventbus.gateway.delay;

import java.util.concurrent.CompletableFuture;

/** Takes back events that wait for their time. Thread-safe. */
public interface Cancellations {

  /** The longest id of an event, in characters. */
  int MAX_ID = 256;

  /**
   * Asks for it. Never blocks and never throws; the future always completes normally, within the
   * publisher's delivery timeout and that of the settings, on a thread that must not be blocked.
   *
   * @param eventId the event's id; all waiting events of that id are meant
   */
  CompletableFuture<Cancellation> cancel(String eventId);
}
