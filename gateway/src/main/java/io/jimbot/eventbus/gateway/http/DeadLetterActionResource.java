package io.jimbot.eventbus.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jimbot.eventbus.gateway.deadletter.DeadLetterDesk;
import io.jimbot.eventbus.gateway.deadletter.LetterCount;
import io.jimbot.eventbus.gateway.deadletter.TrackedAction;
import io.jimbot.eventbus.gateway.ingest.Timing;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.service.deadletter.Redrive;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterActionKind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/dead-letters/redrive}, {@code …/discard} and {@code …/actions}: asks for something
 * to be done to dead letters, and tells what came of it. Thread-safe; no thread waits for Kafka.
 */
@Path("/api/v1/dead-letters")
public final class DeadLetterActionResource {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterActionResource.class);
  private static final int USUAL_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final int MAX_BODY_BYTES = 256 * 1024;

  private final DeadLetterDesk desk;
  private final DeskAnswers answers;
  private final SmallBodies bodies;
  private final boolean trustForwardedFor;

  /** Asks that desk. */
  public DeadLetterActionResource(
      DeadLetterDesk desk, HttpSettings settings, LaterAnswers answers) {
    this.desk = desk;
    this.answers = new DeskAnswers(answers);
    this.bodies =
        new SmallBodies(MAX_BODY_BYTES, DeskAnswers.RETRY_SECONDS, settings.readTimeout());
    this.trustForwardedFor = settings.trustForwardedFor();
  }

  /** A page of what was asked for, by whom, and what came of it, the latest first. */
  @GET
  @Path("actions")
  public void actions(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
    try {
      String cursor = cursor(request.getParameter("cursor"));
      int limit = FilterParameters.limit(request.getParameter("limit"), USUAL_LIMIT, MAX_LIMIT);
      answers.answer(
          response,
          () -> desk.actions(limit, cursor),
          page -> {
            ObjectNode json = LetterJson.object();
            ArrayNode actions = json.putArray("actions");
            page.actions().forEach(one -> actions.add(LetterJson.action(one)));
            if (page.cursor() != null) {
              json.put("next_cursor", page.cursor());
            }
            if (page.olderForgotten()) {
              json.put("older_forgotten", true);
            }
            return DeskAnswers.json(200, json);
          });
    } catch (InvalidParameter e) {
      response.resume(JsonResponse.of(e.answer()));
    }
  }

  /** It is the id of the last action of a page. */
  private static @Nullable String cursor(@Nullable String text) throws InvalidParameter {
    if (text != null && DeadLetterId.millis(text) < 0) {
      throw new InvalidParameter("cursor", "this is no next_cursor of an earlier page");
    }
    return text;
  }

  /** One action. */
  @GET
  @Path("actions/{id}")
  public void action(@PathParam("id") String id, @Suspended AsyncResponse response) {
    answers.answer(
        response,
        () -> desk.action(id),
        found ->
            found
                .map((TrackedAction one) -> DeskAnswers.json(200, LetterJson.action(one)))
                .orElseGet(
                    () -> JsonResponse.of(Answer.error(404, "not_found", "no action " + id))));
  }

  /** Asks for events to be sent again. */
  @POST
  @Path("redrive")
  public void redrive(
      @Context HttpServletRequest request,
      @Nullable InputStream body,
      @Suspended AsyncResponse response) {
    act(DeadLetterActionKind.DEAD_LETTER_ACTION_KIND_REDRIVE, request, body, response);
  }

  /** Asks for dead letters to be marked as done with. */
  @POST
  @Path("discard")
  public void discard(
      @Context HttpServletRequest request,
      @Nullable InputStream body,
      @Suspended AsyncResponse response) {
    act(DeadLetterActionKind.DEAD_LETTER_ACTION_KIND_DISCARD, request, body, response);
  }

  private void act(
      DeadLetterActionKind kind,
      HttpServletRequest request,
      @Nullable InputStream in,
      AsyncResponse response) {
    Answer refusal = RequestHead.clientIdRefusal(request);
    if (refusal != null) {
      response.resume(JsonResponse.of(refusal));
      return;
    }
    try {
      ObjectNode body = LetterRequests.body(bodies.read(request, in));
      DeadLetterAction.Builder action = LetterRequests.action(body).setKind(kind);
      if (action.getRequestedBy().isEmpty()) {
        action.setRequestedBy(
            RequestHead.of(request, false, trustForwardedFor, Timing.USUAL).producer());
      }
      boolean dry = isDry(body.path("dry_run"), request.getParameter("dry_run"));
      answers.answer(response, () -> answerTo(action, dry), Function.identity());
    } catch (InvalidParameter e) {
      response.resume(JsonResponse.of(e.answer()));
    } catch (RefusedBody refused) {
      response.resume(JsonResponse.of(refused.answer()));
    }
  }

  /** What is neither yes nor no is refused: taken for no, it would be done. */
  private static boolean isDry(JsonNode member, @Nullable String parameter)
      throws InvalidParameter {
    String said = member.isMissingNode() ? parameter : member.asText();
    if (said != null && !said.equals("true") && !said.equals("false")) {
      throw new InvalidParameter("dry_run", "true or false");
    }
    return "true".equals(said);
  }

  private CompletableFuture<Response> answerTo(DeadLetterAction.Builder action, boolean dry) {
    return refusalOfOne(action)
        .thenCompose(
            refusal ->
                refusal != null
                    ? CompletableFuture.completedFuture(refusal)
                    : desk.count(action.getSelector())
                        .thenCompose(count -> dry ? counted(count) : store(action, count)));
  }

  /** Who names a single dead letter is told at once what would be wrong with it. */
  private CompletableFuture<@Nullable Response> refusalOfOne(DeadLetterAction.Builder action) {
    if (action.getSelector().getDeadLetterIdsCount() != 1) {
      return CompletableFuture.completedFuture(null);
    }
    String id = action.getSelector().getDeadLetterIds(0);
    return desk.find(id)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return CompletableFuture.completedFuture(DeskAnswers.unknown(id));
              }
              return action.getKind() == DeadLetterActionKind.DEAD_LETTER_ACTION_KIND_DISCARD
                  ? CompletableFuture.completedFuture(null)
                  : desk.redrivable(found.get(), action.getTarget())
                      .thenApply(DeadLetterActionResource::refusal);
            });
  }

  private static @Nullable Response refusal(Redrive redrive) {
    return redrive instanceof Redrive.Refused refused
        ? JsonResponse.of(Answer.error(422, refused.reason(), refused.message()))
        : null;
  }

  private static CompletableFuture<Response> counted(LetterCount count) {
    ObjectNode json = LetterJson.object().put("status", "ok").put("dry_run", true);
    json.put("matched", count.selected());
    ObjectNode byReason = json.putObject("by_reason");
    count.byReason().forEach(byReason::put);
    return CompletableFuture.completedFuture(DeskAnswers.json(200, json));
  }

  private CompletableFuture<Response> store(DeadLetterAction.Builder action, LetterCount count) {
    Instant now = Instant.now();
    DeadLetterAction asked =
        action
            .setActionId(DeadLetterId.at(now))
            .setRequestedAt(WireTime.of(now))
            .addAllCounted(count.partitions())
            .build();
    return desk.ask(asked)
        .thenApply(
            outcome ->
                outcome.match(
                    stored -> {
                      LOG.info(
                          "dead letters action={} kind={} by={} matched={}",
                          asked.getActionId(),
                          asked.getKind(),
                          asked.getRequestedBy(),
                          count.selected());
                      return DeskAnswers.json(
                          202,
                          LetterJson.object()
                              .put("status", "ok")
                              .put("action_id", asked.getActionId())
                              .put("matched", count.selected()));
                    },
                    unavailable ->
                        JsonResponse.of(
                            Answer.error(
                                503,
                                unavailable.reason(),
                                unavailable.message(),
                                DeskAnswers.RETRY_SECONDS)),
                    impossible ->
                        JsonResponse.of(
                            Answer.error(422, impossible.reason(), impossible.message()))));
  }
}
