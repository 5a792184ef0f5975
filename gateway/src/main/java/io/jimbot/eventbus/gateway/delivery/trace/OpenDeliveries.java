package io.jimbot.eventbus.gateway.delivery.trace;

import io.jimbot.eventbus.gateway.delivery.AckId;
import io.jimbot.eventbus.gateway.telemetry.TraceSpan;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spans of deliveries that are not settled yet. Bounded: the oldest are ended as they are. Only
 * traces that are recorded get here. Thread-safe.
 */
final class OpenDeliveries {

  private final int most;
  private final Map<AckId, TraceSpan> spans = new LinkedHashMap<>();

  OpenDeliveries(int most) {
    this.most = most;
  }

  void put(AckId id, TraceSpan span) {
    TraceSpan oldest = null;
    synchronized (spans) {
      spans.put(id, span);
      if (spans.size() > most) {
        oldest = spans.remove(spans.keySet().iterator().next());
      }
    }
    if (oldest != null) {
      oldest.fail("not_settled");
    }
  }

  @Nullable TraceSpan remove(AckId id) {
    synchronized (spans) {
      return spans.remove(id);
    }
  }

  @Nullable TraceSpan get(AckId id) {
    synchronized (spans) {
      return spans.get(id);
    }
  }
}
