package io.jimbot.eventbus.gateway.http;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers whatever Jetty itself refuses, malformed HTTP included, in the product's own words: JSON,
 * never a page, a stack trace or a class name. An unexpected failure gets an id that the log has as
 * well.
 */
final class JsonErrorHandler extends ErrorHandler {

  private static final Logger LOG = LoggerFactory.getLogger(JsonErrorHandler.class);
  private static final String JSON = "application/json";

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    Answer answer = answer(code, cause);
    response.setStatus(answer.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
    response
        .getHeaders()
        .put(new HttpField.LongValueHttpField(HttpHeader.CONTENT_LENGTH, answer.body().length));
    if (code == HttpStatus.SERVICE_UNAVAILABLE_503) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
    }
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
  }

  private static Answer answer(int code, @Nullable Throwable cause) {
    boolean expected =
        cause == null || cause instanceof QuietException || cause instanceof HttpException;
    if (code < 500 || expected) {
      return describe(code);
    }
    String errorId = UUID.randomUUID().toString();
    LOG.error("request failed error_id={}", errorId, cause);
    return Answer.unexpected(errorId);
  }

  private static Answer describe(int code) {
    return switch (code) {
      case 403 ->
          Answer.error(code, "foreign_origin", "web pages must not post here: leave out Origin");
      case 404 ->
          Answer.error(code, "not_found", "nothing is served at this path; GET / lists what is");
      case 405 -> Answer.error(code, "method_not_allowed", "this method is not allowed here");
      case 408 -> Answer.error(code, "timeout", "the request took too long to arrive");
      case 414 -> Answer.error(code, "uri_too_long", "the address is too long");
      case 431 -> Answer.error(code, "header_too_large", "the request header is too large");
      case 503 -> Answer.error(code, "unavailable", "the gateway is shutting down or overloaded");
      default -> {
        HttpStatus.Code known = HttpStatus.getCode(code);
        String words = known == null ? "error " + code : known.getMessage();
        yield Answer.error(code, code < 500 ? "bad_request" : "internal", words);
      }
    };
  }
}
