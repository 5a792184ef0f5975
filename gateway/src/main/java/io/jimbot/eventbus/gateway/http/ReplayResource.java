package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.replay.ReplayFault;
import io.jimbot.eventbus.gateway.replay.ReplayOutcome;
import io.jimbot.eventbus.gateway.replay.ReplayRequests;
import io.jimbot.eventbus.gateway.replay.Replays;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayRequest;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Managed replays: {@code POST /api/v1/replays} asks for one, {@code GET} tells of all or one,
 * {@code POST …/{id}/pause}, {@code resume} and {@code cancel} say what is wanted of it, {@code
 * DELETE} makes it go with its output. Thread-safe; no thread waits for Kafka.
 */
@Path(ReplayResource.PATH)
public final class ReplayResource {

  static final String PATH = "/api/v1/replays";

  private static final int MAX_READERS = 4;
  private static final int MAX_BODY_BYTES = 64 * 1024;

  /** Reading holds one of Jetty's threads; slow senders must not get them all. */
  private final Semaphore readers = new Semaphore(MAX_READERS);

  private final Replays replays;
  private final ReplayRequests requests;
  private final ReplayJson json;
  private final int retryAfterSeconds;

  /** Serves these replays. */
  public ReplayResource(
      Replays replays, ReplayRequests requests, KafkaTopics topics, HttpSettings settings) {
    this.replays = replays;
    this.requests = requests;
    this.json = new ReplayJson(topics);
    this.retryAfterSeconds = (int) settings.retryAfter().toSeconds();
  }

  /** Asks for a replay; 201 with its id once that is stored. */
  @POST
  public void start(
      @Context HttpServletRequest request,
      @Nullable InputStream body,
      @Suspended AsyncResponse response) {
    if (!readers.tryAcquire()) {
      response.resume(
          answer(
              Answer.error(503, "overloaded", "too many requests at a time", retryAfterSeconds)));
      return;
    }
    try {
      read(request, body, response);
    } finally {
      readers.release();
    }
  }

  private void read(
      HttpServletRequest request, @Nullable InputStream body, AsyncResponse response) {
    Answer refusal = RequestHead.refusal(request, false, MAX_BODY_BYTES);
    try {
      InputStream in = body == null ? InputStream.nullInputStream() : body;
      byte[] bytes = refusal == null ? in.readNBytes(MAX_BODY_BYTES + 1) : new byte[0];
      if (bytes.length > MAX_BODY_BYTES) {
        refusal = RequestHead.tooLarge(MAX_BODY_BYTES);
      }
      if (refusal != null) {
        response.resume(answer(refusal));
        return;
      }
      ReplayRequest.Builder asked = requests.read(bytes);
      tell(response, replays.start(asked), 201);
    } catch (ReplayFault fault) {
      response.resume(answer(answer(fault)));
    } catch (IOException e) {
      response.resume(answer(Answer.error(400, "bad_request", "the body did not arrive in full")));
    }
  }

  /** All replays, the newest first. */
  @GET
  public Response list() {
    return body(200, json.many(replays.all())).build();
  }

  /** One of them. */
  @GET
  @Path("{id}")
  public Response one(@PathParam("id") String id) {
    Replay replay = replays.find(id);
    if (replay != null) {
      return body(200, json.one(replay)).build();
    }
    return replays.isReady()
        ? answer(Answer.error(404, "unknown_replay", "there is no replay '" + id + "'"))
        : answer(
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
        outcome.thenAccept(
            known ->
                response.resume(known.match(done -> done(done.replay(), status), this::refused)));
  }

  private Response done(Replay replay, int status) {
    Response.ResponseBuilder response = body(status, json.one(replay));
    return status == 201
        ? response.header(HttpHeaders.LOCATION, PATH + '/' + replay.id()).build()
        : response.build();
  }

  private Response refused(ReplayOutcome.Refused refused) {
    return answer(
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
    if (fault.malformed()) {
      return Answer.error(400, "malformed", message);
    }
    byte[] body =
        new JsonBytes(128)
            .raw("{\"status\":\"error\",\"error\":")
            .text(message)
            .raw(",\"path\":")
            .text(fault.path())
            .raw(",\"reason\":\"invalid_value\"}")
            .toByteArray();
    return new Answer(422, "invalid_value", body, 0);
  }

  private static Response answer(Answer answer) {
    Response.ResponseBuilder response = body(answer.status(), answer.body());
    return answer.retryAfterSeconds() == 0
        ? response.build()
        : response.header(HttpHeaders.RETRY_AFTER, answer.retryAfterSeconds()).build();
  }

  private static Response.ResponseBuilder body(int status, byte[] body) {
    return Response.status(status)
        .entity(body)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CONTENT_LENGTH, body.length)
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }
}
