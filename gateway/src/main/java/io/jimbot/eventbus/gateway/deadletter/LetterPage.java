package io.jimbot.eventbus.gateway.deadletter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some dead letters, the earliest of them first. Pages go through one partition after another, so
 * the next page may begin with an earlier one.
 *
 * @param letters may be none although there is a cursor
 * @param cursor where the next page begins; null at the end
 */
public record LetterPage(List<FoundLetter> letters, @Nullable String cursor) {}
