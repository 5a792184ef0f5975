package io.jimbot.eventbus.gateway.delivery.history;

import io.jimbot.eventbus.service.record.EventFilter;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the past. Immutable.
 *
 * @param filter which events
 * @param fromMillis taken in at this time or later, in milliseconds since 1970
 * @param toMillis taken in before this time
 * @param limit how many events at most; the settings may allow fewer
 * @param cursor where the last page ended; null for the first
 */
public record HistoryQuery(
    EventFilter filter, long fromMillis, long toMillis, int limit, @Nullable HistoryCursor cursor) {

  /** The same for two pages of one question. */
  int fingerprint() {
    return 31 * (31 * filter.hashCode() + Long.hashCode(fromMillis)) + Long.hashCode(toMillis);
  }
}
