package io.jimbot.eventbus.gateway.http;

import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.service.replay.Replay;
import io.jimbot.eventbus.service.replay.ReplayState;
import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayAction;
import io.jimbot.events.v1.ReplayProgress;
import io.jimbot.events.v1.ReplayRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Writes replays as JSON; what does not apply is absent. Immutable. */
final class ReplayJson {

  private final KafkaTopics topics;

  ReplayJson(KafkaTopics topics) {
    this.topics = topics;
  }

  byte[] one(Replay replay) {
    JsonBytes json = new JsonBytes(1_024);
    write(json, replay);
    return json.toByteArray();
  }

  byte[] many(List<Replay> replays) {
    JsonBytes json = new JsonBytes(64 + 1_024 * replays.size()).raw("{\"replays\":[");
    String separator = "";
    for (Replay replay : replays) {
      json.raw(separator);
      write(json, replay);
      separator = ",";
    }
    return json.raw("]}").toByteArray();
  }

  private void write(JsonBytes json, Replay replay) {
    json.raw("{\"id\":").text(replay.id());
    json.raw(",\"state\":").text(replay.state().word());
    String wish = pendingWish(replay);
    if (!wish.isEmpty()) {
      json.raw(",\"wish\":").text(wish);
    }
    if (replay.state() instanceof ReplayState.Failed failed) {
      json.raw(",\"error\":").text(failed.why());
    }
    request(json, replay.request());
    progress(json, replay);
    json.raw("}");
  }

  /** What an operator wants that is not done yet. */
  private static String pendingWish(Replay replay) {
    ReplayAction wish = replay.wish();
    ReplayState state = replay.state();
    boolean pending =
        switch (wish) {
          case REPLAY_ACTION_DELETE -> true;
          case REPLAY_ACTION_CANCEL -> state instanceof ReplayState.Unfinished;
          case REPLAY_ACTION_PAUSE ->
              state instanceof ReplayState.Running || state instanceof ReplayState.Requested;
          case REPLAY_ACTION_RUN -> state instanceof ReplayState.Paused;
          case REPLAY_ACTION_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    return pending ? wish.name().substring("REPLAY_ACTION_".length()).toLowerCase(Locale.ROOT) : "";
  }

  private void request(JsonBytes json, ReplayRequest request) {
    if (request.hasFrom()) {
      time(json, "from", request.getFrom());
    }
    time(json, "to", request.getUntil());
    texts(json, "topics", request.getTopicsList());
    texts(json, "types", request.getEventTypesList());
    texts(json, "game_id", request.getGameIdsList());
    if (request.hasGroup()) {
      json.raw(",\"target\":").text("group:" + request.getGroup());
    } else {
      json.raw(",\"target\":\"topic\",\"kafka_topic\":").text(topics.replay(request.getReplayId()));
      json.raw(",\"ttl_ms\":" + Times.duration(request.getTimeToLive()).toMillis());
    }
    json.raw(",\"speed\":" + (request.getSpeed() == 0 ? "\"max\"" : number(request.getSpeed())));
    if (request.getMaxRate() > 0) {
      json.raw(",\"rate\":" + number(request.getMaxRate()));
    }
    time(json, "created_at", request.getCreatedAt());
  }

  private static void progress(JsonBytes json, Replay replay) {
    ReplayProgress progress = replay.progress();
    json.raw(",\"progress\":" + number(replay.fraction()));
    json.raw(",\"events\":" + progress.getEvents() + ",\"bytes\":" + progress.getBytes());
    json.raw(",\"scanned\":" + replay.scanned() + ",\"total\":" + replay.total());
    if (progress.getDeleted() > 0) {
      json.raw(",\"deleted\":" + progress.getDeleted());
      json.raw(",\"recovered\":" + progress.getRecovered());
    }
    if (replay.state() instanceof ReplayState.Running) {
      json.raw(",\"events_per_second\":" + number(progress.getEventsPerSecond()));
    }
    Duration left = replay.timeLeft();
    if (left != null) {
      json.raw(",\"time_left_ms\":" + left.toMillis());
    }
    if (progress.hasEventTime()) {
      time(json, "event_time", progress.getEventTime());
    }
    if (progress.hasStartedAt()) {
      time(json, "started_at", progress.getStartedAt());
    }
    if (progress.hasUpdatedAt()) {
      time(json, "updated_at", progress.getUpdatedAt());
    }
    if (replay.state() instanceof ReplayState.Finished finished) {
      time(json, "finished_at", Times.timestamp(finished.at()));
    }
    Instant expires = replay.outputExpires();
    if (expires != null) {
      time(json, "expires_at", Times.timestamp(expires));
      json.raw(",\"output_deleted\":" + progress.getOutputDeleted());
    }
  }

  private static void texts(JsonBytes json, String name, List<String> values) {
    if (!values.isEmpty()) {
      json.raw(",\"" + name + "\":");
      String separator = "[";
      for (String value : values) {
        json.raw(separator).text(value);
        separator = ",";
      }
      json.raw("]");
    }
  }

  private static void time(JsonBytes json, String name, Timestamp time) {
    json.raw(",\"" + name + "\":").text(Times.instant(time).toString());
  }

  /** Without an exponent, and without a fraction where there is none. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : new java.math.BigDecimal(value)
            .round(new java.math.MathContext(6))
            .stripTrailingZeros()
            .toPlainString();
  }
}
