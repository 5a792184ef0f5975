package io.jimbot.eventbus.gateway.grpc;

import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.event.WireTimestamp;
import io.jimbot.eventbus.gateway.delivery.AcknowledgementPolicy;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.Sharing;
import io.jimbot.eventbus.gateway.delivery.Start;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.eventbus.gateway.grpc.Refusals.Violation;
import io.jimbot.eventbus.service.record.EventFilter;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.jimbot.eventbus.service.replay.ReplayRecords;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a subscriber asks for, and says all that is wrong with it. Used once. */
final class SubscriptionReader {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");
  private static final int MAX_PATTERNS = 100;
  private static final int MAX_FILTER_VALUES = 1_000;

  private final List<Violation> violations = new ArrayList<>();

  /** What is wrong; empty if nothing is. */
  List<Violation> violations() {
    return violations;
  }

  /** Reads; what it returns counts only if there are no {@link #violations}. */
  SubscriptionRequest read(Subscription asked) {
    return new SubscriptionRequest(
        filter(asked),
        start(asked),
        sharing(asked),
        asked.getDeduplicate(),
        replayId(asked),
        asked.getCurrentVersion());
  }

  private EventFilter filter(Subscription asked) {
    List<TopicPattern> topics = new ArrayList<>();
    boolean needed = asked.getReplayId().isEmpty();
    if ((needed && asked.getTopicsCount() == 0) || asked.getTopicsCount() > MAX_PATTERNS) {
      wrong("topics", "1 to " + MAX_PATTERNS + " patterns are needed, for example \"**\"");
    } else {
      for (int i = 0; i < asked.getTopicsCount(); i++) {
        try {
          topics.add(new TopicPattern(asked.getTopics(i)));
        } catch (IllegalArgumentException e) {
          wrong("topics[" + i + "]", String.valueOf(e.getMessage()));
        }
      }
    }
    var filter = asked.getFilter();
    int values =
        filter.getEventTypesCount()
            + filter.getSourcesCount()
            + filter.getGameIdsCount()
            + filter.getMetadataCount();
    if (values > MAX_FILTER_VALUES) {
      wrong("filter", "a filter has at most " + MAX_FILTER_VALUES + " values");
    }
    return new EventFilter(
        topics.isEmpty() ? List.of(new TopicPattern("**")) : topics,
        types(filter.getEventTypesList()),
        Set.copyOf(filter.getSourcesList()),
        Set.copyOf(filter.getGameIdsList()),
        filter.getMetadataMap());
  }

  private Set<String> types(List<String> asked) {
    Set<String> types = new HashSet<>();
    for (int i = 0; i < asked.size(); i++) {
      String type = EventType.canonical(asked.get(i));
      if (type == null) {
        wrong("filter.event_types[" + i + "]", "this is no event type");
      } else {
        types.add(type);
      }
    }
    return Set.copyOf(types);
  }

  private @Nullable String replayId(Subscription asked) {
    String id = asked.getReplayId();
    if (id.isEmpty()) {
      return null;
    }
    if (!ReplayRecords.isId(id)) {
      wrong("replay_id", "this is no replay's id: 1 to 64 characters of a-z 0-9 -");
    }
    if (asked.getMode() == SubscriptionMode.SUBSCRIPTION_MODE_QUEUE) {
      wrong("mode", "a replay can be read by tails and groups, not by queues");
    }
    return id;
  }

  private Start start(Subscription subscription) {
    StartPosition asked = subscription.getStart();
    return switch (asked.getPositionCase()) {
      case POSITION_NOT_SET ->
          subscription.getReplayId().isEmpty() ? new Start.Now() : new Start.Earliest();
      case NOW -> new Start.Now();
      case EARLIEST -> new Start.Earliest();
      case TIME -> at(asked.getTime());
      case RESUME_TOKEN -> resume(asked);
    };
  }

  private Start at(Timestamp asked) {
    if (!WireTimestamp.isValid(asked)) {
      wrong("start.time", "must be a time of the years 1 to 9999, with 0 to 999999999 nanos");
      return new Start.Now();
    }
    return new Start.At(Instant.ofEpochSecond(asked.getSeconds(), asked.getNanos()));
  }

  private Start resume(StartPosition asked) {
    ResumeToken token = ResumeToken.read(asked.getResumeToken().toByteArray());
    if (token == null) {
      wrong("start.resume_token", "this is no resume token");
      return new Start.Now();
    }
    return new Start.Resume(token);
  }

  private Sharing sharing(Subscription asked) {
    boolean named = !asked.getGroup().isEmpty();
    SubscriptionMode mode = asked.getMode();
    if (mode == SubscriptionMode.UNRECOGNIZED) {
      wrong("mode", "this gateway does not know mode " + asked.getModeValue());
    }
    boolean tail =
        mode == SubscriptionMode.SUBSCRIPTION_MODE_TAIL
            || (mode == SubscriptionMode.SUBSCRIPTION_MODE_UNSPECIFIED && !named);
    if (tail) {
      if (named) {
        wrong("group", "a tail has no group");
      }
      return new Sharing.Tail();
    }
    if (!NAME.matcher(asked.getGroup()).matches()) {
      wrong("group", "a name of 1 to 200 characters of A-Z a-z 0-9 . _ - is needed");
    }
    if (asked.getStart().hasResumeToken()) {
      wrong("start.resume_token", "a group or queue keeps its own place; only a tail resumes");
    }
    boolean queue = mode == SubscriptionMode.SUBSCRIPTION_MODE_QUEUE;
    if (queue && asked.getAcknowledgement().getStrictOrder()) {
      wrong("acknowledgement.strict_order", "a queue keeps no order; a group does");
    }
    return queue
        ? new Sharing.Queue(asked.getGroup(), policy(asked, 9))
        : new Sharing.Group(asked.getGroup(), policy(asked, 100));
  }

  private AcknowledgementPolicy policy(Subscription asked, int mostAttempts) {
    var policy = asked.getAcknowledgement();
    Duration second = Duration.ofSeconds(1);
    Duration tenMinutes = Duration.ofMinutes(10);
    Duration timeout =
        time("timeout", policy.getTimeout(), Duration.ofSeconds(30), second, tenMinutes);
    Duration minBackoff =
        time("min_backoff", policy.getMinBackoff(), second, Duration.ofMillis(1), tenMinutes);
    Duration maxBackoff =
        time("max_backoff", policy.getMaxBackoff(), Duration.ofMinutes(1), minBackoff, tenMinutes);
    return new AcknowledgementPolicy(
        timeout,
        count("max_attempts", policy.getMaxAttempts(), 5, mostAttempts),
        minBackoff,
        maxBackoff,
        count("max_outstanding_events", policy.getMaxOutstandingEvents(), 1_000, 100_000),
        bytes(policy.getMaxOutstandingBytes()),
        policy.getStrictOrder());
  }

  private Duration time(
      String field,
      com.google.protobuf.Duration asked,
      Duration usual,
      Duration least,
      Duration most) {
    if (asked.equals(com.google.protobuf.Duration.getDefaultInstance())) {
      return usual.compareTo(least) < 0 ? least : usual;
    }
    Duration time = WireDuration.orNull(asked);
    if (time == null || time.compareTo(least) < 0 || time.compareTo(most) > 0) {
      wrong(
          "acknowledgement." + field,
          "must be " + least.toMillis() + " ms to " + most.toMillis() + " ms");
      return usual;
    }
    return time;
  }

  private int count(String field, int asked, int usual, int most) {
    if (asked < 0 || asked > most) {
      wrong("acknowledgement." + field, "must be 1 to " + most);
    }
    return asked == 0 ? usual : asked;
  }

  private long bytes(long asked) {
    long most = 1L << 30;
    if (asked < 0 || asked > most) {
      wrong("acknowledgement.max_outstanding_bytes", "must be at most " + most);
    }
    return asked == 0 ? 16L << 20 : asked;
  }

  private void wrong(String field, String message) {
    violations.add(new Violation("subscription." + field, message));
  }
}
