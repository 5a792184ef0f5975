package io.jimbot.eventbus.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jimbot.eventbus.gateway.deadletter.DeadLetterDesk;
import io.jimbot.eventbus.gateway.deadletter.FoundLetter;
import io.jimbot.eventbus.gateway.deadletter.LetterCount;
import io.jimbot.eventbus.gateway.deadletter.LetterCursor;
import io.jimbot.eventbus.gateway.deadletter.TrackedAction;
import io.jimbot.eventbus.gateway.ingest.Timing;
import io.jimbot.eventbus.service.deadletter.DeadLetterId;
import io.jimbot.eventbus.service.deadletter.Redrive;
import io.jimbot.eventbus.service.deadletter.WireTime;
import io.jimbot.events.v1.DeadLetterAction;
import io.jimbot.events.v1.DeadLetterActionKind;
import io.jimbot.events.v1.DeadLetterSelector;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/dead-letters}: looks into dead letters, and asks for them to be redriven or
 * discarded. Thread-safe; no thread waits for Kafka.
 */
@Path("/api/v1/dead-letters")
public final class DeadLetterResource {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterResource.class);
  private static final int USUAL_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final int RETRY_SECONDS = 1;
  private static final int MAX_BODY_BYTES = 256 * 1024;

  private final DeadLetterDesk desk;
  private final LaterAnswers answers;
  private final SmallBodies bodies;
  private final boolean trustForwardedFor;

  /** Asks that desk. */
  public DeadLetterResource(DeadLetterDesk desk, HttpSettings settings, LaterAnswers answers) {
    this.desk = desk;
    this.answers = answers;
    this.bodies = new SmallBodies(MAX_BODY_BYTES, RETRY_SECONDS);
    this.trustForwardedFor = settings.trustForwardedFor();
  }

  /** A page of them. */
  @GET
  public void list(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
    try {
      DeadLetterSelector selector =
          LetterRequests.selector(LetterRequests.parameters(request)).build();
      long[] cursor = cursor(request.getParameter("cursor"));
      int limit = FilterParameters.limit(request.getParameter("limit"), USUAL_LIMIT, MAX_LIMIT);
      answer(
          response,
          () -> desk.page(selector, limit, cursor),
          page -> {
            ObjectNode json = LetterJson.object();
            ArrayNode letters = json.putArray("dead_letters");
            page.letters().forEach(letter -> letters.add(LetterJson.brief(letter)));
            if (page.cursor() != null) {
              json.put("next_cursor", page.cursor());
            }
            return json(200, json);
          });
    } catch (InvalidParameter e) {
      response.resume(JsonResponse.of(e.answer()));
    }
  }

  /** One of them, with its bytes. */
  @GET
  @Path("{id}")
  public void show(@PathParam("id") String id, @Suspended AsyncResponse response) {
    answer(
        response,
        () -> find(id),
        found -> found.map(l -> json(200, LetterJson.full(l))).orElseGet(() -> unknown(id)));
  }

  private CompletableFuture<Optional<FoundLetter>> find(String id) {
    return DeadLetterId.millis(id) < 0
        ? CompletableFuture.completedFuture(Optional.empty())
        : desk.find(id);
  }

  /** What was asked for, by whom, and what came of it. */
  @GET
  @Path("actions")
  public void actions(@Suspended AsyncResponse response) {
    answer(
        response,
        desk::actions,
        all -> {
          ObjectNode json = LetterJson.object();
          ArrayNode actions = json.putArray("actions");
          all.stream().limit(MAX_LIMIT).forEach(one -> actions.add(LetterJson.action(one)));
          return json(200, json);
        });
  }

  /** One action. */
  @GET
  @Path("actions/{id}")
  public void action(@PathParam("id") String id, @Suspended AsyncResponse response) {
    answer(
        response,
        desk::actions,
        all ->
            all.stream()
                .filter(one -> one.action().getActionId().equals(id))
                .findFirst()
                .map((TrackedAction one) -> json(200, LetterJson.action(one)))
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
      boolean dry =
          body.path("dry_run").asBoolean(Boolean.parseBoolean(request.getParameter("dry_run")));
      answer(response, () -> answerTo(action, dry), Function.identity());
    } catch (InvalidParameter e) {
      response.resume(JsonResponse.of(e.answer()));
    } catch (RefusedBody refused) {
      response.resume(JsonResponse.of(refused.answer()));
    }
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
    return find(id)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return CompletableFuture.completedFuture(unknown(id));
              }
              return action.getKind() == DeadLetterActionKind.DEAD_LETTER_ACTION_KIND_DISCARD
                  ? CompletableFuture.completedFuture(null)
                  : desk.redrivable(found.get(), action.getTarget())
                      .thenApply(DeadLetterResource::refusal);
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
    return CompletableFuture.completedFuture(json(200, json));
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
                      return json(
                          202,
                          LetterJson.object()
                              .put("status", "ok")
                              .put("action_id", asked.getActionId())
                              .put("matched", count.selected()));
                    },
                    unavailable ->
                        JsonResponse.of(
                            Answer.error(
                                503, unavailable.reason(), unavailable.message(), RETRY_SECONDS)),
                    impossible ->
                        JsonResponse.of(
                            Answer.error(422, impossible.reason(), impossible.message()))));
  }

  /** A question to the desk. */
  private interface Question<T> {
    CompletableFuture<T> ask();
  }

  private <T> void answer(
      AsyncResponse response, Question<T> question, Function<? super T, Response> words) {
    try {
      var unused =
          answers.send(
              response,
              question.ask().thenApply(words).exceptionally(DeadLetterResource::unavailable),
              Function.identity());
    } catch (RejectedExecutionException e) {
      response.resume(
          JsonResponse.of(Answer.error(503, "busy", "too many questions wait", RETRY_SECONDS)));
    }
  }

  private static Response unavailable(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    LOG.warn("dead letters cannot be read", cause);
    return JsonResponse.of(
        Answer.error(
            503,
            "kafka_unreachable",
            "the dead letters cannot be read now: " + cause.getMessage(),
            RETRY_SECONDS));
  }

  private static long @Nullable [] cursor(@Nullable String text) throws InvalidParameter {
    long[] cursor = text == null ? null : LetterCursor.read(text);
    if (text != null && cursor == null) {
      throw new InvalidParameter("cursor", "this is no next_cursor of an earlier page");
    }
    return cursor;
  }

  private static Response unknown(String id) {
    return JsonResponse.of(Answer.error(404, "not_found", "there is no dead letter " + id));
  }

  private static Response json(int status, ObjectNode body) {
    return JsonResponse.of(status, body.toString().getBytes(UTF_8));
  }
}
