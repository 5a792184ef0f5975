package io.jimbot.eventbus.cli;

import com.google.protobuf.Timestamp;
import io.jimbot.events.v1.EventFilter;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.Subscription;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Which events, from where on, as the flags say. */
final class Selection {

  @Parameters(
      paramLabel = "PATTERN",
      arity = "0..*",
      defaultValue = "**",
      description =
          "Topics: segments between dots, * for one, ** for the rest. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private List<String> topics;

  @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type.")
  private List<String> types = List.of();

  @Option(names = "--source", paramLabel = "SOURCE", description = "Only events from here.")
  private List<String> sources = List.of();

  @Option(names = "--game", paramLabel = "ID", description = "Only events of this game.")
  private List<String> games = List.of();

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      description = "Only events with this in their metadata.")
  private Map<String, String> metadata = Map.of();

  @Option(
      names = "--from",
      paramLabel = "WHERE",
      converter = FromText.class,
      description =
          "now, earliest, or a time: ISO 8601 or milliseconds since 1970. Default: now; of a replay: earliest")
  private StartPosition from = StartPosition.getDefaultInstance();

  @Option(
      names = "--replay",
      paramLabel = "ID",
      description = "The events of this replay, instead of those that come in.")
  private String replayId = "";

  @Option(names = "--deduplicate", description = "Leave out events that were sent again.")
  private boolean deduplicate;

  @Option(
      names = "--current-version",
      description = "Events of older versions in the current version of their types.")
  private boolean currentVersion;

  Subscription.Builder subscription() {
    return Subscription.newBuilder()
        .addAllTopics(topics)
        .setFilter(
            EventFilter.newBuilder()
                .addAllEventTypes(types)
                .addAllSources(sources)
                .addAllGameIds(games)
                .putAllMetadata(metadata))
        .setStart(from)
        .setReplayId(replayId)
        .setDeduplicate(deduplicate)
        .setCurrentVersion(currentVersion);
  }

  /** Reads {@code --from}. */
  static final class FromText implements picocli.CommandLine.ITypeConverter<StartPosition> {
    @Override
    public StartPosition convert(String text) {
      return switch (text) {
        case "now" -> StartPosition.newBuilder().setNow(true).build();
        case "earliest" -> StartPosition.newBuilder().setEarliest(true).build();
        default -> {
          Instant time = time(text);
          yield StartPosition.newBuilder()
              .setTime(
                  Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()))
              .build();
        }
      };
    }

    private static Instant time(String text) {
      try {
        return text.chars().allMatch(Character::isDigit)
            ? Instant.ofEpochMilli(Long.parseLong(text))
            : Instant.parse(text);
      } catch (DateTimeParseException | NumberFormatException e) {
        throw new TypeConversionException(
            "'"
                + text
                + "' is not now, earliest, a time like 2026-01-31T12:00:00Z or milliseconds");
      }
    }
  }
}
