package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.delay.Cancellation;
import io.jimbot.eventbus.gateway.delay.Cancellations;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;

/**
 * {@code DELETE /api/v1/events/{event_id}}: takes back an event that waits for its time. 200 if it
 * will not be delivered, 404 if none waits, 409 if it came too late, 202 if the processor did not
 * answer in time. Below the root path as {@link StatusResource} is, whose {@code
 * /api/v1/events/health} it would hide otherwise. Thread-safe; no thread waits.
 */
@Path("/")
public final class CancelResource {

  private static final int RETRY_SECONDS = 1;

  private final Cancellations cancellations;
  private final LaterAnswers answers;

  /** Asks those, which their owner starts and closes. */
  public CancelResource(Cancellations cancellations, LaterAnswers answers) {
    this.cancellations = cancellations;
    this.answers = answers;
  }

  /** Answers when it is known whether the request came in time. */
  @DELETE
  @Path("api/v1/events/{event_id: .+}")
  public void cancel(@PathParam("event_id") String eventId, @Suspended AsyncResponse response) {
    if (eventId.length() > Cancellations.MAX_ID) {
      response.resume(
          JsonResponse.of(
              Answer.error(
                  422,
                  "invalid",
                  "event_id: an id has at most " + Cancellations.MAX_ID + " characters")));
      return;
    }
    var unused =
        answers.send(
            response,
            cancellations.cancel(eventId),
            cancellation -> JsonResponse.of(answer(eventId, cancellation)));
  }

  private static Answer answer(String eventId, Cancellation cancellation) {
    return switch (cancellation.result()) {
      case CANCELLED -> said(200, "cancelled", eventId, cancellation.cancelled());
      case REQUESTED -> said(202, "requested", eventId, 0);
      case TOO_LATE ->
          Answer.error(409, "too_late", "the event has been delivered, or its time was over");
      case NOT_WAITING ->
          Answer.error(
              404, "not_waiting", "no event of that id waits for its time, nor did within an hour");
      case UNAVAILABLE ->
          Answer.error(
              503, "unavailable", "the request is not stored; send it again", RETRY_SECONDS);
    };
  }

  private static Answer said(int status, String word, String eventId, int cancelled) {
    byte[] body =
        new JsonBytes(96)
            .raw("{\"status\":")
            .text(word)
            .raw(",\"event_id\":")
            .text(eventId)
            .raw(",\"cancelled\":")
            .number(cancelled)
            .raw("}")
            .toByteArray();
    return new Answer(status, "", body, 0);
  }
}
