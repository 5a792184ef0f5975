package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.command.CommandFault;
import io.jimbot.eventbus.gateway.command.CommandRequests;
import io.jimbot.eventbus.gateway.command.CommandText;
import io.jimbot.eventbus.gateway.command.Commands;
import io.jimbot.eventbus.gateway.command.GameNames;
import io.jimbot.eventbus.gateway.command.IssueOutcome;
import io.jimbot.eventbus.gateway.command.NewCommand;
import io.jimbot.eventbus.gateway.ingest.Timing;
import io.jimbot.events.v1.Command;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Commands back to the game. Every answer says its length: the mod cannot read chunks. Thread-safe;
 * no thread waits for Kafka.
 */
@Path("/api/v1/commands")
public final class CommandResource {

  private static final int MAX_READERS = 4;
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final int MAX_DISCARD_BYTES = 1024 * 1024;
  private static final String TEXT = "text/plain; charset=utf-8";

  /** Reading holds one of Jetty's threads; slow senders must not get them all. */
  private final Semaphore readers = new Semaphore(MAX_READERS);

  private final Commands commands;
  private final CommandRequests requests;
  private final Executor executor;
  private final boolean trustForwardedFor;
  private final int retryAfterSeconds;

  /**
   * Serves these commands.
   *
   * @param executor writes the answers that do not come at once
   */
  public CommandResource(
      Commands commands, CommandRequests requests, HttpSettings settings, Executor executor) {
    this.commands = commands;
    this.requests = requests;
    this.executor = executor;
    this.trustForwardedFor = settings.trustForwardedFor();
    this.retryAfterSeconds = (int) settings.retryAfter().toSeconds();
  }

  /** Issues a command. */
  @POST
  public void issue(
      @Context HttpServletRequest request,
      @Nullable InputStream body,
      @Suspended AsyncResponse response) {
    if (!readers.tryAcquire()) {
      response.resume(
          json(Answer.error(503, "overloaded", "too many commands at a time", retryAfterSeconds)));
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
    NewCommand command;
    try {
      InputStream in = body == null ? InputStream.nullInputStream() : body;
      byte[] bytes = refusal == null ? in.readNBytes(MAX_BODY_BYTES + 1) : new byte[0];
      if (bytes.length > MAX_BODY_BYTES) {
        refusal = RequestHead.tooLarge(MAX_BODY_BYTES);
      }
      if (refusal != null) {
        discard(request, in);
        response.resume(json(refusal));
        return;
      }
      command = requests.read(bytes);
    } catch (CommandFault fault) {
      response.resume(json(answer(fault)));
      return;
    } catch (IOException e) {
      response.resume(json(Answer.error(400, "bad_request", "the body did not arrive in full")));
      return;
    }
    answer(response, commands.issue(command), outcome -> json(answer(outcome)));
  }

  /** So that the sender gets to read the answer; one that waits for leave to send sends nothing. */
  private static void discard(HttpServletRequest request, InputStream in) throws IOException {
    if (request.getHeader("Expect") == null) {
      byte[] scrap = new byte[16 * 1024];
      int left = MAX_DISCARD_BYTES;
      for (int read = 0; read >= 0 && left > 0; left -= read) {
        read = in.read(scrap);
      }
    }
  }

  /**
   * Gives out what waits for the caller's game, and for any game. 200 with an empty body if that is
   * nothing, also while Kafka is away: the mod can do nothing with an error.
   */
  @GET
  @Path("poll")
  public void poll(
      @Context HttpServletRequest request,
      @QueryParam("game_id") @Nullable String gameId,
      @HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept,
      @Suspended AsyncResponse response) {
    Answer refusal = RequestHead.clientIdRefusal(request);
    if (refusal == null && gameId != null && !gameId.isEmpty() && !GameNames.isName(gameId)) {
      refusal =
          Answer.error(
              400,
              "bad_request",
              "game_id must be 1 to 256 characters, none of them a control character");
    }
    if (refusal != null) {
      response.resume(json(refusal));
      return;
    }
    boolean asJson = accept != null && accept.contains(MediaType.APPLICATION_JSON);
    String sender = RequestHead.of(request, false, trustForwardedFor, Timing.USUAL).producer();
    answer(
        response,
        commands.poll(sender, gameId),
        taken -> asJson ? list(taken) : body(200, TEXT, utf8(CommandText.lines(taken))).build());
  }

  /** Takes nothing: it would be lost. */
  @HEAD
  @Path("poll")
  public Response peek() {
    return Response.ok().type(TEXT).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }

  private <T> void answer(
      AsyncResponse response, CompletableFuture<T> result, Function<T, Response> words) {
    if (result.isDone()) {
      response.resume(words.apply(result.join()));
      return;
    }
    var unused =
        result.whenCompleteAsync(
            (value, failure) -> {
              if (failure != null) {
                response.resume(failure);
              } else {
                response.resume(words.apply(value));
              }
            },
            executor);
  }

  private static Answer answer(CommandFault fault) {
    String message = fault.getMessage() == null ? "" : fault.getMessage();
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

  private Answer answer(IssueOutcome outcome) {
    return outcome.match(
        issued ->
            new Answer(
                200,
                "",
                new JsonBytes(96)
                    .raw("{\"status\":\"ok\",\"command_id\":")
                    .text(issued.commandId())
                    .raw("}")
                    .toByteArray(),
                0),
        unavailable ->
            Answer.error(503, unavailable.reason(), unavailable.message(), retryAfterSeconds));
  }

  private static Response list(List<Command> taken) {
    JsonBytes json = new JsonBytes(64 + 160 * taken.size()).raw("{\"commands\":[");
    String separator = "";
    for (Command command : taken) {
      json.raw(separator).raw("{\"command_id\":").text(command.getCommandId());
      json.raw(",\"command\":").text(command.getName());
      if (command.hasArguments()) {
        json.raw(",\"arguments\":").text(command.getArguments());
      }
      if (command.hasGameId()) {
        json.raw(",\"game_id\":").text(command.getGameId());
      }
      json.raw("}");
      separator = ",";
    }
    return body(200, MediaType.APPLICATION_JSON, json.raw("]}").toByteArray()).build();
  }

  private static Response json(Answer answer) {
    Response.ResponseBuilder response =
        body(answer.status(), MediaType.APPLICATION_JSON, answer.body());
    if (answer.retryAfterSeconds() > 0) {
      response.header(HttpHeaders.RETRY_AFTER, answer.retryAfterSeconds());
    }
    return response.build();
  }

  private static Response.ResponseBuilder body(int status, String type, byte[] body) {
    return Response.status(status)
        .entity(body)
        .type(type)
        .header(HttpHeaders.CONTENT_LENGTH, body.length)
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
