package io.jimbot.eventbus.gateway.http;

/**
 * An answer with a JSON body, ready to be written. Owns the array.
 *
 * @param status the HTTP status
 * @param reason why not, a stable word in lower snake case; empty for a success
 * @param body the JSON as UTF-8
 * @param retryAfterSeconds the value of {@code Retry-After}, or 0 for none
 */
record Answer(int status, String reason, byte[] body, int retryAfterSeconds) {

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
    return new Answer(status, reason, body, retryAfterSeconds);
  }

  /** A body that can be read, and says at that place what is not allowed. */
  static Answer invalidAt(String path, String message) {
    byte[] body =
        new JsonBytes(128)
            .raw("{\"status\":\"error\",\"error\":")
            .text(message)
            .raw(",\"path\":")
            .text(path)
            .raw(",\"reason\":\"invalid_value\"}")
            .toByteArray();
    return new Answer(422, "invalid_value", body, 0);
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
    return new Answer(500, "internal", body, 0);
  }
}
