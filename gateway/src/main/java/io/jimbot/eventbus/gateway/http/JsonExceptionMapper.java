package io.jimbot.eventbus.gateway.http;

import com.fasterxml.jackson.core.JacksonException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every exception out of a Jersey resource into the product's error JSON. Nothing internal
 * leaves: an unexpected failure is logged under an id, and the id is all that the caller gets.
 */
final class JsonExceptionMapper implements ExceptionMapper<Throwable> {

  private static final Logger LOG = LoggerFactory.getLogger(JsonExceptionMapper.class);

  @Override
  public Response toResponse(Throwable failure) {
    if (failure instanceof WebApplicationException refusal) {
      return refused(refusal.getResponse());
    }
    if (failure instanceof JacksonException) {
      return response(
          Answer.error(400, "malformed", "the body is not the JSON that is wanted here"));
    }
    String errorId = UUID.randomUUID().toString();
    LOG.error("request failed error_id={}", errorId, failure);
    return response(Answer.unexpected(errorId));
  }

  private static Response refused(Response refusal) {
    if (refusal.hasEntity()) {
      return refusal;
    }
    Answer answer =
        switch (refusal.getStatus()) {
          case 404 ->
              Answer.error(404, "not_found", "nothing is served at this path; GET / lists what is");
          case 405 -> Answer.error(405, "method_not_allowed", "this method is not allowed here");
          case 415 -> Answer.error(415, "unsupported_media_type", "send application/json");
          default ->
              Answer.error(
                  refusal.getStatus(),
                  refusal.getStatus() < 500 ? "bad_request" : "internal",
                  refusal.getStatusInfo().getReasonPhrase());
        };
    // Keeps headers such as Allow and Location.
    return Response.fromResponse(refusal)
        .entity(answer.body())
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }

  private static Response response(Answer answer) {
    return Response.status(answer.status())
        .entity(answer.body())
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }
}
