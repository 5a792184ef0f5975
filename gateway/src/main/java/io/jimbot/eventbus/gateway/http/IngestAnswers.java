package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.gateway.ingest.Outcome.Accepted;
import io.jimbot.eventbus.gateway.ingest.Outcome.Failed;
import io.jimbot.eventbus.gateway.ingest.Outcome.Refused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words the outcomes of a submission as an HTTP answer. Immutable. */
final class IngestAnswers {

  private static final int BYTES_PER_EVENT = 48;

  private final int retryAfterSeconds;

  IngestAnswers(int retryAfterSeconds) {
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** For a request of one event. */
  Answer single(List<Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      return Answer.error(400, "empty", "the body holds no event");
    }
    return outcomes.get(0).match(IngestAnswers::accepted, IngestAnswers::refused, this::failed);
  }

  private static Answer accepted(Accepted accepted) {
    JsonBytes json =
        new JsonBytes(96).raw("{\"status\":\"ok\",\"event_id\":").text(accepted.eventId()).raw("}");
    return new Answer(200, "", json.toByteArray(), 0);
  }

  private static Answer refused(Refused refused) {
    JsonBytes json =
        new JsonBytes(256).raw("{\"status\":\"error\",\"error\":").text(refused.message());
    describe(json, refused);
    int status = refused.malformed() ? 400 : refused.reason().equals("event_too_large") ? 413 : 422;
    return new Answer(status, refused.reason(), json.raw("}").toByteArray(), 0);
  }

  private Answer failed(Failed failed) {
    JsonBytes json =
        new JsonBytes(256)
            .raw("{\"status\":\"error\",\"error\":")
            .text(failed.message())
            .raw(",\"reason\":")
            .text(failed.reason());
    eventId(json, failed.eventId());
    return new Answer(
        503, failed.reason(), json.raw(",\"retry\":true}").toByteArray(), retryAfterSeconds);
  }

  /**
   * For a request of many events: 200, 207, or 503 when some of it has to be sent again. Never
   * another status.
   */
  Answer batch(List<Outcome> outcomes) {
    int accepted = 0;
    int refused = 0;
    for (Outcome outcome : outcomes) {
      int kind = outcome.match(a -> 0, r -> 1, f -> 2);
      accepted += kind == 0 ? 1 : 0;
      refused += kind == 1 ? 1 : 0;
    }
    int failed = outcomes.size() - accepted - refused;
    JsonBytes json = new JsonBytes(128 + BYTES_PER_EVENT * outcomes.size()).raw("{\"status\":");
    if (refused + failed == 0) {
      json.raw("\"ok\",\"accepted\":").number(accepted);
    } else {
      json.raw(accepted == 0 ? "\"error\"" : "\"partial\"");
      json.raw(",\"error\":").text(summary(outcomes.size(), refused, failed));
      json.raw(",\"accepted\":").number(accepted).raw(",\"refused\":").number(refused);
      if (failed > 0) {
        json.raw(",\"failed\":").number(failed);
      }
    }
    eventIds(json, outcomes);
    if (refused + failed > 0) {
      errors(json, outcomes);
    }
    int status = failed > 0 ? 503 : refused > 0 ? 207 : 200;
    return new Answer(
        status,
        status == 200 ? "" : "incomplete",
        json.raw("}").toByteArray(),
        failed > 0 ? retryAfterSeconds : 0);
  }

  private static String summary(int all, int refused, int failed) {
    String events = " of " + all + (all == 1 ? " event" : " events");
    if (failed == 0) {
      return refused + events + " refused";
    }
    return failed
        + events
        + " not stored"
        + (refused == 0 ? "" : ", " + refused + " refused")
        + "; send the batch again";
  }

  private static void eventIds(JsonBytes json, List<Outcome> outcomes) {
    json.raw(",\"event_ids\":[");
    for (int i = 0; i < outcomes.size(); i++) {
      if (i > 0) {
        json.raw(",");
      }
      String eventId =
          outcomes.get(i).<@Nullable String>match(Accepted::eventId, r -> null, f -> null);
      if (eventId == null) {
        json.raw("null");
      } else {
        json.text(eventId);
      }
    }
    json.raw("]");
  }

  private static void errors(JsonBytes json, List<Outcome> outcomes) {
    json.raw(",\"errors\":[");
    int written = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      int index = i;
      boolean bad = outcomes.get(i).match(a -> false, r -> true, f -> true);
      if (bad) {
        json.raw(written++ == 0 ? "{\"index\":" : ",{\"index\":").number(index);
        json.raw(",\"error\":");
        JsonBytes unused =
            outcomes.get(i).match(a -> json, r -> refusal(json, r), f -> failure(json, f));
        json.raw("}");
      }
    }
    json.raw("]");
  }

  private static JsonBytes refusal(JsonBytes json, Refused refused) {
    json.text(refused.message());
    describe(json, refused);
    return json.raw(
        refused.deadLettered() ? ",\"dead_lettered\":true" : ",\"dead_lettered\":false");
  }

  private static JsonBytes failure(JsonBytes json, Failed failed) {
    json.text(failed.message()).raw(",\"reason\":").text(failed.reason());
    eventId(json, failed.eventId());
    return json.raw(",\"retry\":true");
  }

  private static void describe(JsonBytes json, Refused refused) {
    json.raw(",\"path\":").text(refused.path()).raw(",\"reason\":").text(refused.reason());
    eventId(json, refused.eventId());
  }

  private static void eventId(JsonBytes json, @Nullable String eventId) {
    if (eventId != null) {
      json.raw(",\"event_id\":").text(eventId);
    }
  }
}
