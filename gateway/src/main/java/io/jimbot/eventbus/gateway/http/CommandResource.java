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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands back to the game. Every answer says its length: the mod cannot read chunks. Thread-safe;
 * no thread waits for Kafka.
 */
@Path("/api/v1/commands")
public final class CommandResource {

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Commands commands;
  private final CommandRequests requests;
  private final SmallBodies bodies;
  private final LaterAnswers answers;
  private final boolean trustForwardedFor;
  private final int retryAfterSeconds;

  /** Serves these commands. */
  public CommandResource(
      Commands commands, CommandRequests requests, HttpSettings settings, LaterAnswers answers) {
    this.commands = commands;
    this.requests = requests;
    this.answers = answers;
    this.trustForwardedFor = settings.trustForwardedFor();
    this.retryAfterSeconds = (int) settings.retryAfter().toSeconds();
    this.bodies = new SmallBodies(MAX_BODY_BYTES, retryAfterSeconds, settings.readTimeout());
  }

  /** Issues a command. */
  @POST
  public void issue(
      @Context HttpServletRequest request,
      @Nullable InputStream body,
      @Suspended AsyncResponse response) {
    try {
      NewCommand command = requests.read(bodies.read(request, body));
      var unused =
          answers.send(
              response, commands.issue(command), outcome -> JsonResponse.of(answer(outcome)));
    } catch (RefusedBody refused) {
      response.resume(JsonResponse.of(refused.answer()));
    } catch (CommandFault fault) {
      response.resume(JsonResponse.of(answer(fault)));
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
      response.resume(JsonResponse.of(refusal));
      return;
    }
    boolean asJson = accept != null && accept.contains(MediaType.APPLICATION_JSON);
    String sender = RequestHead.of(request, false, trustForwardedFor, Timing.USUAL).producer();
    var unused =
        answers.send(
            response, commands.poll(sender, gameId), taken -> asJson ? list(taken) : lines(taken));
  }

  /** Takes nothing: it would be lost. */
  @HEAD
  @Path("poll")
  public Response peek() {
    return Response.ok().type(TEXT).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }

  private static Answer answer(CommandFault fault) {
    String message = String.valueOf(fault.getMessage());
    return fault.malformed()
        ? Answer.error(400, "malformed", message)
        : Answer.invalidAt(fault.path(), message);
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
    return JsonResponse.of(200, json.raw("]}").toByteArray());
  }

  private static Response lines(List<Command> taken) {
    byte[] lines = CommandText.lines(taken).getBytes(StandardCharsets.UTF_8);
    return JsonResponse.builder(200, lines).type(TEXT).build();
  }
}
