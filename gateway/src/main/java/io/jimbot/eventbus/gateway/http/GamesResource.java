package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.delivery.games.GameAnswer;
import io.jimbot.eventbus.gateway.delivery.games.GamePlace;
import io.jimbot.eventbus.gateway.delivery.games.GameStates;
import io.jimbot.eventbus.service.record.StoredEvent;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/games}: the games whose newest state is kept, in the order of their ids, as
 * {@code {"games":[…],"count":…,"next_after":…}}; and {@code GET /api/v1/games/{id}/state}: that
 * state, as an event. Thread-safe; no thread waits.
 */
@Path("/api/v1/games")
public final class GamesResource {

  private static final int USUAL_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final int RETRY_SECONDS = 1;

  private final GameStates games;
  private final DeliveredJson json;
  private final LaterAnswers answers;

  /** Asks games that their owner starts and closes. */
  public GamesResource(GameStates games, DeliveredJson json, LaterAnswers answers) {
    this.games = games;
    this.json = json;
    this.answers = answers;
  }

  /**
   * Lists games.
   *
   * @param after an id: those after it
   * @param limit how many at most, 1 to 1000
   */
  @GET
  public Response list(
      @QueryParam("after") @DefaultValue("") String after,
      @QueryParam("limit") @Nullable String limit) {
    try {
      int most = FilterParameters.limit(limit, USUAL_LIMIT, MAX_LIMIT);
      return games.isComplete() ? page(games.list(after, most), most) : notThere();
    } catch (InvalidParameter e) {
      return JsonResponse.of(e.answer());
    }
  }

  private Response page(List<GamePlace> places, int limit) {
    JsonBytes body = new JsonBytes(1024).raw("{\"games\":[");
    String separator = "";
    for (GamePlace place : places) {
      body.raw(separator)
          .raw("{\"game_id\":")
          .text(place.game())
          .raw(",\"received_at\":")
          .text(Instant.ofEpochMilli(place.receivedAtMillis()).toString())
          .raw("}");
      separator = ",";
    }
    body.raw("],\"count\":").number(games.size());
    if (places.size() == limit) {
      body.raw(",\"next_after\":").text(places.get(limit - 1).game());
    }
    return JsonResponse.of(200, body.raw("}").toByteArray());
  }

  /**
   * The newest state.
   *
   * @param id the game's
   */
  @GET
  @Path("{id}/state")
  public void state(@PathParam("id") String id, @Suspended AsyncResponse response) {
    var unused = answers.send(response, games.state(id), answer -> answer(id, answer));
  }

  private Response answer(String id, GameAnswer answer) {
    return switch (answer.kind()) {
      case FOUND -> found(id, answer.state());
      case UNKNOWN -> unknown(id);
      case UNAVAILABLE -> notThere();
      case BUSY ->
          JsonResponse.of(
              Answer.error(503, "busy", "too many requests for states wait", RETRY_SECONDS));
    };
  }

  private Response found(String id, @Nullable StoredEvent state) {
    byte[] event = state == null ? null : json.of(state);
    return event == null ? unknown(id) : JsonResponse.of(200, event);
  }

  private static Response unknown(String id) {
    return JsonResponse.of(
        Answer.error(404, "unknown_game", "no state of the game " + id + " is known"));
  }

  private static Response notThere() {
    return JsonResponse.of(
        Answer.error(
            503,
            "states_unavailable",
            "the newest states of games are not known yet: Kafka is away, or no processor has run",
            RETRY_SECONDS));
  }
}
