package io.jimbot.eventbus.service.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.event.HeaderNames;
import io.jimbot.events.v1.Event;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  private static EventFilter filter(
      Set<String> types, Set<String> sources, Set<String> games, Map<String, String> metadata) {
    return new EventFilter(List.of(new TopicPattern("game.**")), types, sources, games, metadata);
  }

  private static StoredEvent event(String topic) {
    byte[] value =
        Event.newBuilder().putMetadata("k", "v").putMetadata("l", "w").build().toByteArray();
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("log", 0, 7, null, value);
    record.headers().add(HeaderNames.TOPIC, topic.getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_TYPE, "STEP".getBytes(UTF_8));
    record.headers().add(HeaderNames.SOURCE, "mod".getBytes(UTF_8));
    record.headers().add(HeaderNames.GAME_ID, "g-1".getBytes(UTF_8));
    return new StoredEvent(record);
  }

  static Stream<EventFilter> filtersThatWantIt() {
    return Stream.of(
        filter(Set.of(), Set.of(), Set.of(), Map.of()),
        filter(Set.of("STEP", "OTHER"), Set.of(), Set.of(), Map.of()),
        filter(Set.of(), Set.of("other", "mod"), Set.of(), Map.of()),
        filter(Set.of(), Set.of(), Set.of("g-1"), Map.of()),
        filter(Set.of(), Set.of(), Set.of(), Map.of("k", "v")),
        filter(Set.of("STEP"), Set.of("mod"), Set.of("g-1"), Map.of("l", "w", "k", "v")));
  }

  @ParameterizedTest
  @MethodSource("filtersThatWantIt")
  void anEventThatMeetsEveryConditionIsWanted(EventFilter filter) {
    assertThat(filter.matches(event("game.step"))).isTrue();
    assertThat(filter.matches(event("game.step"), "crew")).isTrue();
    assertThat(filter.matches(event("system.step"))).isFalse();
  }

  static Stream<EventFilter> filtersThatDoNot() {
    return Stream.of(
        filter(Set.of("OTHER"), Set.of(), Set.of(), Map.of()),
        filter(Set.of(), Set.of("other"), Set.of(), Map.of()),
        filter(Set.of(), Set.of(), Set.of("g-2"), Map.of()),
        filter(Set.of(), Set.of(), Set.of(), Map.of("k", "w")),
        filter(Set.of(), Set.of(), Set.of(), Map.of("k", "v", "m", "")),
        filter(Set.of("STEP"), Set.of("mod"), Set.of("g-1"), Map.of("m", "v")));
  }

  @ParameterizedTest
  @MethodSource("filtersThatDoNot")
  void anEventThatDoesNotMeetOneConditionIsNotWanted(EventFilter filter) {
    assertThat(filter.matches(event("game.step"))).isFalse();
    assertThat(filter.matches(event("game.step"), "crew")).isFalse();
  }

  @Test
  void oneThatSaysNoSourceAndNoGameIsNotWantedByThoseWhoWantSome() {
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("log", 0, 7, null, new byte[0]);
    record.headers().add(HeaderNames.TOPIC, "game.step".getBytes(UTF_8));
    record.headers().add(HeaderNames.EVENT_TYPE, "STEP".getBytes(UTF_8));
    StoredEvent event = new StoredEvent(record);

    assertThat(filter(Set.of(), Set.of(), Set.of(), Map.of()).matches(event)).isTrue();
    assertThat(filter(Set.of(), Set.of("mod"), Set.of(), Map.of()).matches(event)).isFalse();
    assertThat(filter(Set.of(), Set.of(), Set.of("g-1"), Map.of()).matches(event)).isFalse();
  }
}
