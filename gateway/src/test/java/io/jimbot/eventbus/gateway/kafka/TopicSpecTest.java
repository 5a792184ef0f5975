package io.jimbot.eventbus.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.DataSize;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

class TopicSpecTest {

  private static final TopicSettings TOPICS =
      new TopicSettings(
          "test",
          -1,
          0,
          shape(Duration.ofDays(7)),
          shape(Duration.ofDays(14)),
          shape(Duration.ofMinutes(1)),
          shape(Duration.ofDays(30)));

  private final Map<String, Map<String, String>> configs =
      TopicSpec.of(TOPICS).stream().collect(Collectors.toMap(TopicSpec::name, TopicSpec::config));

  private static TopicShape shape(Duration retention) {
    return new TopicShape(1, retention, DataSize.mebibytes(1));
  }

  @Test
  void aQuietTopicKeepsItsRecordsAnEighthLongerThanItShouldAtMost() {
    assertThat(configs.get("test.dead-letters"))
        .containsEntry(TopicConfig.SEGMENT_MS_CONFIG, millis(Duration.ofHours(42)));
    assertThat(configs.get("test.events"))
        .containsEntry(TopicConfig.SEGMENT_MS_CONFIG, millis(Duration.ofHours(21)));
  }

  @Test
  void noSegmentIsShorterThanAMinute() {
    assertThat(configs.get("test.commands"))
        .containsEntry(TopicConfig.SEGMENT_MS_CONFIG, millis(Duration.ofMinutes(1)));
  }

  private static String millis(Duration time) {
    return Long.toString(time.toMillis());
  }
}
