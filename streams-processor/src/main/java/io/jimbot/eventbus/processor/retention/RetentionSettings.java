package io.jimbot.eventbus.processor.retention;

import io.jimbot.eventbus.service.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How events are kept.
 *
 * @param catalogue a file laid over the catalogue that the bus ships with; empty for none
 * @param checkInterval how often that file is looked at, 100 ms to 1 h
 * @param repeatWindow within which a repetition is recognised, 1 s to 7 d
 * @param allowDeletion names of topics, separated by commas, whose settings may change so that data
 *     goes that would have stayed
 * @param allowPartitionGrowth the same for more partitions, so that keys move to others
 */
public record RetentionSettings(
    String catalogue,
    Duration checkInterval,
    Duration repeatWindow,
    String allowDeletion,
    String allowPartitionGrowth) {

  /** Checks the values. */
  public RetentionSettings {
    catalogue = catalogue == null ? "" : catalogue;
    Setting.between(
        "retention.checkInterval", checkInterval, Duration.ofMillis(100), Duration.ofHours(1));
    Setting.between(
        "retention.repeatWindow", repeatWindow, Duration.ofSeconds(1), Duration.ofDays(7));
    allowDeletion = allowDeletion == null ? "" : allowDeletion;
    allowPartitionGrowth = allowPartitionGrowth == null ? "" : allowPartitionGrowth;
  }

  @Nullable Path catalogueFile() {
    return catalogue.isBlank() ? null : Path.of(catalogue);
  }

  ChangeRules changeRules() {
    return new ChangeRules(names(allowDeletion), names(allowPartitionGrowth));
  }

  private static Set<String> names(String separated) {
    return Stream.of(separated.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
