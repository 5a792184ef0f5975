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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
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

  private static final String USUAL_LIMIT = "100";
  private static final int MAX_LIMIT = 1_000;
  private static final int RETRY_SECONDS = 1;

  private final GameStates games;
  private final DeliveredJson json;

  /** Asks games that their owner starts and closes. */
  public GamesResource(GameStates games, DeliveredJson json) {
    this.games = games;
    this.json = json;
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
      @QueryParam("limit") @DefaultValue(USUAL_LIMIT) String limit) {
    int most = limit(limit);
    if (most == 0) {
      return error(Answer.error(422, "invalid", "limit: expected a number from 1 to " + MAX_LIMIT));
    }
    return games.isComplete() ? page(games.list(after, most), most) : notThere();
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
    return ok(body.raw("}").toByteArray());
  }

  /**
   * The newest state.
   *
   * @param id the game's
   */
  @GET
  @Path("{id}/state")
  public void state(@PathParam("id") String id, @Suspended AsyncResponse response) {
    var unused =
        games
            .state(id)
            .thenApply(answer -> answer(id, answer))
            .whenComplete((answer, failure) -> response.resume(failure == null ? answer : failure));
  }

  private Response answer(String id, GameAnswer answer) {
    return switch (answer.kind()) {
      case FOUND -> found(id, answer.state());
      case UNKNOWN -> unknown(id);
      case UNAVAILABLE -> notThere();
      case BUSY ->
          error(Answer.error(503, "busy", "too many requests for states wait", RETRY_SECONDS));
    };
  }

  private Response found(String id, @Nullable StoredEvent state) {
    byte[] event = state == null ? null : json.of(state);
    return event == null ? unknown(id) : ok(event);
  }

  private static Response unknown(String id) {
    return error(Answer.error(404, "unknown_game", "no state of the game " + id + " is known"));
  }

  private static Response notThere() {
    return error(
        Answer.error(
            503,
            "states_unavailable",
            "the newest states of games are not known yet: Kafka is away, or no processor has run",
            RETRY_SECONDS));
  }

  private static Response ok(byte[] body) {
    return Response.ok(body, MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  private static Response error(Answer answer) {
    Response.ResponseBuilder response =
        Response.status(answer.status())
            .type(MediaType.APPLICATION_JSON_TYPE)
            .entity(answer.body());
    return answer.retryAfterSeconds() == 0
        ? response.build()
        : response.header(HttpHeaders.RETRY_AFTER, answer.retryAfterSeconds()).build();
  }

  /** 0 if it is none. */
  private static int limit(String text) {
    try {
      int limit = Integer.parseInt(text);
      return limit >= 1 && limit <= MAX_LIMIT ? limit : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
