package io.jimbot.eventbus.service.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPatternTest {

  private static final List<String> NAMES = List.of("a", "b", "ab", "a_b");

  @Test
  void itMatchesWhatAPlainMatcherMatches() {
    long seed = Long.getLong("random.seed", System.nanoTime());
    Random random = new Random(seed);
    int matched = 0;
    for (int i = 0; i < 50_000; i++) {
      List<String> pattern = segments(random, List.of("*", "a", "b", "ab"));
      if (random.nextInt(3) == 0) {
        pattern.add("**");
      }
      List<String> topic = segments(random, NAMES);
      boolean expected = plainMatch(pattern, topic);
      matched += expected ? 1 : 0;

      assertThat(new TopicPattern(String.join(".", pattern)).matches(String.join(".", topic)))
          .as("seed %d: %s of %s", seed, pattern, topic)
          .isEqualTo(expected);
    }
    assertThat(matched).isBetween(1_000, 49_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", ".a", "**.a", "a*", "***", "A", "a b", "a..b"})
  void whatIsNoPatternIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new TopicPattern(text));
  }

  private static List<String> segments(Random random, List<String> words) {
    List<String> segments = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      segments.add(words.get(random.nextInt(words.size())));
    }
    return segments;
  }

  private static boolean plainMatch(List<String> pattern, List<String> topic) {
    if (pattern.isEmpty() || topic.isEmpty()) {
      return pattern.isEmpty() && topic.isEmpty();
    }
    String first = pattern.get(0);
    if (first.equals("**")) {
      return true;
    }
    return (first.equals("*") || first.equals(topic.get(0)))
        && plainMatch(pattern.subList(1, pattern.size()), topic.subList(1, topic.size()));
  }
}
