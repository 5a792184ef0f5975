package io.jimbot.eventbus.gateway.command;

import io.jimbot.eventbus.event.EventFacts;
import org.jspecify.annotations.Nullable;

/** Names of games, as they may come from outside. */
public final class GameNames {

  private static final int LONGEST = 256;

  private GameNames() {}

  /** Whether it can be a game's name: 1 to 256 characters, none of them a control character. */
  public static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST
        && text.chars().noneMatch(Character::isISOControl);
  }

  /** The name, or null if it says nothing. */
  public static @Nullable String known(@Nullable String name) {
    return name == null || name.isEmpty() || name.equals(EventFacts.UNKNOWN_GAME) ? null : name;
  }
}
