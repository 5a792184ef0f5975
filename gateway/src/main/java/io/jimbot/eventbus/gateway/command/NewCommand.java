package io.jimbot.eventbus.gateway.command;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A command that someone wants to issue, checked.
 *
 * @param name the action
 * @param arguments as the game reads them, or null for none
 * @param gameId the game that it is meant for, or null for any
 * @param timeToLive how long it may wait, or null for the default
 */
public record NewCommand(
    String name,
    @Nullable String arguments,
    @Nullable String gameId,
    @Nullable Duration timeToLive) {}
