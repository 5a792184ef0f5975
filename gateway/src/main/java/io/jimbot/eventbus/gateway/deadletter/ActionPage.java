package io.jimbot.eventbus.gateway.deadletter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some actions, the latest first.
 *
 * @param actions what was asked for, and how far it has come
 * @param cursor where the next page begins; null at the end
 * @param olderForgotten whether this is the end only because earlier actions have no room
 */
public record ActionPage(
    List<TrackedAction> actions, @Nullable String cursor, boolean olderForgotten) {

  /** Copies. */
  public ActionPage {
    actions = List.copyOf(actions);
  }
}
