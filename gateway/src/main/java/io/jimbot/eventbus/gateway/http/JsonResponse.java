package io.jimbot.eventbus.gateway.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Answers as Jersey takes them: with their length, since not every client reads chunks. */
final class JsonResponse {

  private JsonResponse() {}

  /** An answer, or an error. */
  static Response of(Answer answer) {
    Response.ResponseBuilder response = builder(answer.status(), answer.body());
    return answer.retryAfterSeconds() == 0
        ? response.build()
        : response.header(HttpHeaders.RETRY_AFTER, answer.retryAfterSeconds()).build();
  }

  /** That JSON. */
  static Response of(int status, byte[] json) {
    return builder(status, json).build();
  }

  /** The same, to be added to. */
  static Response.ResponseBuilder builder(int status, byte[] json) {
    return Response.status(status)
        .entity(json)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CONTENT_LENGTH, json.length)
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }
}
