package io.jimbot.eventbus.service.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventFilterTest {

  private static String fingerprint(Set<String> sources, Map<String, String> metadata) {
    return new EventFilter(List.of(new TopicPattern("**")), Set.of(), sources, Set.of(), metadata)
        .fingerprint();
  }

  @Test
  void filtersThatWantTheSameHaveOneFingerprint() {
    assertThat(fingerprint(Set.of("a", "b"), Map.of("k", "v", "l", "w")))
        .isEqualTo(fingerprint(Set.of("b", "a"), Map.of("l", "w", "k", "v")))
        .matches("[0-9a-f]{8}");
  }

  @Test
  void valuesThatLookAloneLikeSeveralOthersAreToldApart() {
    assertThat(fingerprint(Set.of("a, b"), Map.of()))
        .isNotEqualTo(fingerprint(Set.of("a", "b"), Map.of()));
    assertThat(fingerprint(Set.of(), Map.of("k", "v, l=w")))
        .isNotEqualTo(fingerprint(Set.of(), Map.of("k", "v", "l", "w")));
  }
}
