package io.jimbot.eventbus.gateway.http;

/**
 * An answer with a JSON body, ready to be written. Owns the array.
 *
 * @param status the HTTP status
 * @param body the JSON as UTF-8
 * @param retryAfterSeconds the value of {@code Retry-After}, or 0 for none
 */
record Answer(int status, byte[] body, int retryAfterSeconds) {

  /** An error that concerns the request as a whole. */
  static Answer error(int status, String reason, String message) {
    return error(status, reason, message, 0);
  }

  static Answer error(int status, String reason, String message, int retryAfterSeconds) {
    byte[] body =
        new JsonBytes(64 + message.length())
            .raw("{\"status\":\"error\",\"error\":")
            .text(message)
            .raw(",\"reason\":")
            .text(reason)
            .raw("}")
            .toByteArray();
    return new Answer(status, body, retryAfterSeconds);
  }

  /** An unexpected failure: nothing of it leaves but the id under which the log has it. */
  static Answer unexpected(String errorId) {
    byte[] body =
        new JsonBytes(128)
            .raw(
                "{\"status\":\"error\",\"error\":\"internal error; the log has it under the error id\",")
            .raw("\"reason\":\"internal\",\"error_id\":")
            .text(errorId)
            .raw("}")
            .toByteArray();
    return new Answer(500, body, 0);
  }
}
