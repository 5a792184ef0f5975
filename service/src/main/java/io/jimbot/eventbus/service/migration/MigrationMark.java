package io.jimbot.eventbus.service.migration;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What a migration's committed offsets say beside the place: between which topics it goes, by the
 * ids that Kafka gives them. So a topic that was made anew under the same name is not taken for the
 * one that was meant. Immutable.
 *
 * @param source the source's id
 * @param target the target's id; null while it is about to be made
 */
record MigrationMark(Uuid source, @Nullable Uuid target) {

  private static final String ABOUT_TO_BE_MADE = "-";

  /** What was committed; null if that is nothing, or not by a migration. */
  static @Nullable MigrationMark read(@Nullable OffsetAndMetadata committed) {
    if (committed == null) {
      return null;
    }
    String[] ids = committed.metadata().split("/", -1);
    try {
      return ids.length == 2
          ? new MigrationMark(
              Uuid.fromString(ids[0]),
              ids[1].equals(ABOUT_TO_BE_MADE) ? null : Uuid.fromString(ids[1]))
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A place with this beside it. */
  OffsetAndMetadata at(long offset) {
    return new OffsetAndMetadata(
        offset, source + "/" + (target == null ? ABOUT_TO_BE_MADE : target));
  }
}
