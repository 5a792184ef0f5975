package io.jimbot.eventbus.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jimbot.eventbus.gateway.deadletter.DeadLetterDesk;
import io.jimbot.eventbus.gateway.deadletter.LetterCursor;
import io.jimbot.events.v1.DeadLetterSelector;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/dead-letters}: looks into dead letters. Thread-safe; no thread waits for Kafka.
 */
@Path("/api/v1/dead-letters")
public final class DeadLetterResource {

  private static final int USUAL_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  private final DeadLetterDesk desk;
  private final DeskAnswers answers;

  /** Asks that desk. */
  public DeadLetterResource(DeadLetterDesk desk, LaterAnswers answers) {
    this.desk = desk;
    this.answers = new DeskAnswers(answers);
  }

  /** A page of them, its earliest first; pages go through one partition after another. */
  @GET
  public void list(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
    try {
      DeadLetterSelector selector =
          LetterRequests.selector(LetterRequests.parameters(request)).build();
      long[] cursor = cursor(request.getParameter("cursor"));
      int limit = FilterParameters.limit(request.getParameter("limit"), USUAL_LIMIT, MAX_LIMIT);
      answers.answer(
          response,
          () -> desk.page(selector, limit, cursor),
          page -> {
            ObjectNode json = LetterJson.object();
            ArrayNode letters = json.putArray("dead_letters");
            page.letters().forEach(letter -> letters.add(LetterJson.brief(letter)));
            if (page.cursor() != null) {
              json.put("next_cursor", page.cursor());
            }
            return DeskAnswers.json(200, json);
          });
    } catch (InvalidParameter e) {
      response.resume(JsonResponse.of(e.answer()));
    }
  }

  /** One of them, with its bytes. */
  @GET
  @Path("{id}")
  public void show(@PathParam("id") String id, @Suspended AsyncResponse response) {
    answers.answer(
        response,
        () -> desk.find(id),
        found ->
            found
                .map(l -> DeskAnswers.json(200, LetterJson.full(l)))
                .orElseGet(() -> DeskAnswers.unknown(id)));
  }

  private static long @Nullable [] cursor(@Nullable String text) throws InvalidParameter {
    long[] cursor = text == null ? null : LetterCursor.read(text);
    if (text != null && cursor == null) {
      throw new InvalidParameter("cursor", "this is no next_cursor of an earlier page");
    }
    return cursor;
  }
}
