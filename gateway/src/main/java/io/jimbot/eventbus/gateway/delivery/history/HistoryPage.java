package io.jimbot.eventbus.gateway.delivery.history;

import io.jimbot.eventbus.gateway.delivery.SubscriptionFault;
import io.jimbot.eventbus.service.record.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a question. Immutable.
 *
 * @param events in the order in which they were taken in, and in that of the log for each partition
 * @param cursor for the next page, also if this one is short or empty; null at the end
 * @param fault why there is nothing; null if there is a page
 */
public record HistoryPage(
    List<StoredEvent> events, @Nullable HistoryCursor cursor, @Nullable SubscriptionFault fault) {

  static HistoryPage refused(SubscriptionFault fault) {
    return new HistoryPage(List.of(), null, fault);
  }
}
