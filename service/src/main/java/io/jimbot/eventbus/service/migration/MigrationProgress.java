package io.jimbot.eventbus.service.migration;

/**
 * How far a migration has come. Immutable.
 *
 * @param places offsets of the source that are behind it, in all partitions together
 * @param allPlaces offsets of the source that it goes up to
 * @param records records that this run has written
 * @param upcast how many of them were brought to the current version
 * @param failed how many of them were written as they are, since a step could not take them
 */
public record MigrationProgress(
    long places, long allPlaces, long records, long upcast, long failed) {

  /** Whether all that the source held when the run began is in the target. */
  public boolean isDone() {
    return places >= allPlaces;
  }

  /** The part that is done, in percent. */
  public double percent() {
    return allPlaces == 0 ? 100 : 100.0 * places / allPlaces;
  }
}
