package io.jimbot.eventbus.gateway.delivery;

import io.jimbot.eventbus.service.record.EventFilter;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber asks for, whatever the transport. Immutable.
 *
 * @param filter which events
 * @param start where to begin; a group or queue that has begun before goes on where it was instead
 * @param sharing how the events are shared with other subscribers
 * @param deduplicate whether an event that its producer sent again arrives once
 * @param replayId the managed replay whose output is read; null for the log
 * @param currentVersion whether events come in the current version of their types, else as stored
 */
public record SubscriptionRequest(
    EventFilter filter,
    Start start,
    Sharing sharing,
    boolean deduplicate,
    @Nullable String replayId,
    boolean currentVersion) {

  /** For events of the log as they are stored. */
  public SubscriptionRequest(
      EventFilter filter, Start start, Sharing sharing, boolean deduplicate) {
    this(filter, start, sharing, deduplicate, null, false);
  }
}
