package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.service.settings.Setting;
import java.time.Duration;

/**
 * Server-sent events.
 *
 * @param heartbeatInterval how often a stream gets a sign of life with its place, 100 ms to 10 min;
 *     less than a proxy takes for silence
 */
public record EventStreamSettings(Duration heartbeatInterval) {

  /** Checks the value. */
  public EventStreamSettings {
    Setting.between(
        "delivery.eventStream.heartbeatInterval",
        heartbeatInterval,
        Duration.ofMillis(100),
        Duration.ofMinutes(10));
  }
}
