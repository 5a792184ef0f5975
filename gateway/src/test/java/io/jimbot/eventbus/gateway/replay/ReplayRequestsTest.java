package io.jimbot.eventbus.gateway.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jimbot.eventbus.service.replay.Times;
import io.jimbot.events.v1.ReplayRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayRequestsTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private final ReplayRequests requests =
      new ReplayRequests(
          new ReplaySettings(10, 100, Duration.ofHours(24), Duration.ofDays(30)),
          Clock.fixed(NOW, ZoneOffset.UTC));

  private ReplayRequest read(String json) throws ReplayFault {
    return requests.read(json.getBytes(UTF_8)).build();
  }

  @Test
  void anEmptyBodyAsksForAllUntilNowIntoATopicAtFullSpeed() throws Exception {
    ReplayRequest request = read("");

    assertThat(request.hasFrom()).isFalse();
    assertThat(Times.instant(request.getUntil())).isEqualTo(NOW);
    assertThat(request.getTopicsList()).containsExactly("**");
    assertThat(request.hasOwnTopic()).isTrue();
    assertThat(request.getSpeed()).isZero();
    assertThat(request.getMaxRate()).isZero();
    assertThat(Times.duration(request.getTimeToLive())).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void everyMemberIsRead() throws Exception {
    ReplayRequest request =
        read(
            "{\"from\":\"2026-01-31T10:00:00Z\",\"to\":1769857200000,\"topics\":[\"game.*\",\"system.**\"],"
                + "\"types\":\"HAND_PLAYED\",\"game_id\":[\"a\",\"b\"],\"target\":\"group:trainers\","
                + "\"speed\":2.5,\"rate\":100,\"ttl\":\"30m\"}");

    assertThat(Times.instant(request.getFrom())).isEqualTo("2026-01-31T10:00:00Z");
    assertThat(Times.instant(request.getUntil())).isEqualTo("2026-01-31T11:00:00Z");
    assertThat(request.getTopicsList()).containsExactly("game.*", "system.**");
    assertThat(request.getEventTypesList()).containsExactly("HAND_PLAYED");
    assertThat(request.getGameIdsList()).containsExactly("a", "b");
    assertThat(request.getGroup()).isEqualTo("trainers");
    assertThat(request.getSpeed()).isEqualTo(2.5);
    assertThat(request.getMaxRate()).isEqualTo(100);
    assertThat(Times.duration(request.getTimeToLive())).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void speedsHaveWords() throws Exception {
    assertThat(read("{\"speed\":\"max\"}").getSpeed()).isZero();
    assertThat(read("{\"speed\":\"original\"}").getSpeed()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "from | {\"from\":\"yesterday\"}",
        "from | {\"from\":-1}",
        "from | {\"from\":\"2026-01-31T12:00:00Z\"}",
        "to | {\"to\":\"2026-01-31T12:02:00Z\"}",
        "topics[1] | {\"topics\":[\"a\",\"a..b\"]}",
        "topics | {\"topics\":5}",
        "types[0] | {\"types\":[1]}",
        "game_id | {\"game_id\":\"\"}",
        "target | {\"target\":\"group:\"}",
        "target | {\"target\":\"elsewhere\"}",
        "speed | {\"speed\":0}",
        "speed | {\"speed\":-1}",
        "speed | {\"speed\":\"fast\"}",
        "rate | {\"rate\":\"5\"}",
        "rate | {\"rate\":1e300}",
        "ttl | {\"ttl\":\"soon\"}",
        "ttl | {\"ttl\":\"31d\"}",
        "ttl | {\"ttl\":true}",
        "too | {\"too\":1}"
      })
  void aMemberThatMakesNoSenseIsNamed(String path, String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            ReplayFault.class, fault -> assertThat(fault.path()).isEqualTo(path));
  }

  @Test
  void whatIsNoJsonObjectIsMalformed() {
    for (String body : new String[] {"[]", "7", "{", "{}x", "{\"rate\":1,\"rate\":2}"}) {
      assertThatThrownBy(() -> read(body))
          .as(body)
          .isInstanceOfSatisfying(
              ReplayFault.class, fault -> assertThat(fault.malformed()).isTrue());
    }
  }
}
