package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.replay.ReplayFault;
import io.jimbot.eventbus.gateway.replay.ReplayOutcome;
import io.jimbot.eventbus.gateway.replay.ReplayRequests;
import io.jimbot.eventbus.gateway.replay.Replays;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.events.v1.ReplayAction;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Managed replays: {@code POST /api/v1/replays} asks for one, {@code GET} tells of all or one,
 * {@code POST …/{id}/pause}, {@code resume} and {@code cancel} say what is wanted of it, {@code
 * DELETE} makes it go with its output. Thread-safe; no thread waits for Kafka.
 */
@Path(ReplayResource.PATH)
public final class ReplayResource {

  static final String PATH = "/api/v1/replays";

  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final Replays replays;
  private final ReplayRequests requests;
  private final ReplayJson json;
  private final SmallBodies bodies;
  private final LaterAnswers answers;
  private final int retryAfterSeconds;

  /** Serves these replays. */
  public ReplayResource(
      Replays replays,
      ReplayRequests requests,
      KafkaTopics topics,
      HttpSettings settings,
      LaterAnswers answers) {
    this.replays = replays;
    this.requests = requests;
    this.json = new ReplayJson(topics);
    this.retryAfterSeconds = (int) settings.retryAfter().toSeconds();
    this.bodies = new SmallBodies(MAX_BODY_BYTES, retryAfterSeconds, settings.readTimeout());
    this.answers = answers;
  }

  /** Asks for a replay; 201 with its id once that is stored. */
  @POST
  public void start(
      @Context HttpServletRequest request,
      @Nullable InputStream body,
      @Suspended AsyncResponse response) {
    try {
      tell(response, replays.start(requests.read(bodies.read(request, body))), 201);
    } catch (RefusedBody refused) {
      response.resume(JsonResponse.of(refused.answer()));
    } catch (ReplayFault fault) {
      response.resume(JsonResponse.of(answer(fault)));
    }
  }

  /** All replays, the newest first. */
  @GET
  public Response list() {
    return JsonResponse.of(200, json.many(replays.all()));
  }

  /** One of them. */
  @GET
  @Path("{id}")
  public Response one(@PathParam("id") String id) {
    Replay replay = replays.find(id);
    if (replay != null) {
      return JsonResponse.of(200, json.one(replay));
    }
    return replays.isReady()
        ? JsonResponse.of(Answer.error(404, "unknown_replay", "there is no replay '" + id + "'"))
        : JsonResponse.of(
            Answer.error(
                503,
                "replays_unavailable",
                "what there is of replays is not known yet",
                retryAfterSeconds));
  }

  /** It stands still until told to go on. */
  @POST
  @Path("{id}/pause")
  public void pause(@PathParam("id") String id, @Suspended AsyncResponse response) {
    tell(response, replays.wish(id, ReplayAction.REPLAY_ACTION_PAUSE), 202);
  }

  /** It goes on. */
  @POST
  @Path("{id}/resume")
  public void resume(@PathParam("id") String id, @Suspended AsyncResponse response) {
    tell(response, replays.wish(id, ReplayAction.REPLAY_ACTION_RUN), 202);
  }

  /** It ends before its end. */
  @POST
  @Path("{id}/cancel")
  public void cancel(@PathParam("id") String id, @Suspended AsyncResponse response) {
    tell(response, replays.wish(id, ReplayAction.REPLAY_ACTION_CANCEL), 202);
  }

  /** It ends, and goes with its output. */
  @DELETE
  @Path("{id}")
  public void delete(@PathParam("id") String id, @Suspended AsyncResponse response) {
    tell(response, replays.wish(id, ReplayAction.REPLAY_ACTION_DELETE), 202);
  }

  private void tell(AsyncResponse response, CompletableFuture<ReplayOutcome> outcome, int status) {
    var unused =
        answers.send(
            response,
            outcome,
            known -> known.match(done -> done(done.replay(), status), this::refused));
  }

  private Response done(Replay replay, int status) {
    Response.ResponseBuilder response = JsonResponse.builder(status, json.one(replay));
    return status == 201
        ? response.header(HttpHeaders.LOCATION, PATH + '/' + replay.id()).build()
        : response.build();
  }

  private Response refused(ReplayOutcome.Refused refused) {
    return JsonResponse.of(
        switch (refused.kind()) {
          case UNKNOWN -> Answer.error(404, refused.reason(), refused.message());
          case CONFLICT -> Answer.error(409, refused.reason(), refused.message());
          case EXHAUSTED ->
              Answer.error(429, refused.reason(), refused.message(), retryAfterSeconds);
          case UNAVAILABLE ->
              Answer.error(503, refused.reason(), refused.message(), retryAfterSeconds);
        });
  }

  private static Answer answer(ReplayFault fault) {
    String message = String.valueOf(fault.getMessage());
    return fault.malformed()
        ? Answer.error(400, "malformed", message)
        : Answer.invalidAt(fault.path(), message);
  }
}
