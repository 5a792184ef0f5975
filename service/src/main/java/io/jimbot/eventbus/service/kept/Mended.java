package io.jimbot.eventbus.service.kept;

import java.util.List;

/**
 * What can be read of stretches after some of them were deleted, by retention or with their topic.
 * Immutable.
 *
 * @param stretches the new ones
 * @param deleted how many offsets were deleted before they were read
 */
public record Mended(List<Stretch> stretches, long deleted) {

  /** Copies. */
  public Mended {
    stretches = List.copyOf(stretches);
  }
}
