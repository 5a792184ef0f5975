package io.jimbot.eventbus.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class GamesSeenTest {

  private final AtomicLong nanos = new AtomicLong(-5);
  private final GamesSeen games =
      new GamesSeen(
          new CommandSettings(
              Duration.ofSeconds(30),
              Duration.ofMinutes(10),
              10,
              10,
              Duration.ofMillis(100),
              3,
              Duration.ofMinutes(1)),
          nanos::get);

  @Test
  void theGameOfASenderIsTheLastThatItsEventsNamed() {
    games.seen("a", "g1");
    games.seen("a", "g2");

    assertThat(games.gameOf("a")).isEqualTo("g2");
    assertThat(games.gameOf("b")).isNull();
  }

  @Test
  void aGameThatIsUnknownOrNoNameIsNotLearned() {
    games.seen("a", "unknown");
    games.seen("b", "g\n");
    games.seen("c", "g".repeat(257));

    assertThat(games.gameOf("a")).isNull();
    assertThat(games.gameOf("b")).isNull();
    assertThat(games.gameOf("c")).isNull();
  }

  @Test
  void aSenderThatIsNotHeardOfForLongIsForgotten() {
    games.seen("a", "g1");

    pass(Duration.ofSeconds(61));

    assertThat(games.gameOf("a")).isNull();
  }

  @Test
  void twoGamesBehindOneAddressAreNoSignOfEither() {
    games.seen("a", "g1");
    games.seen("a", "g2");
    games.seen("a", "g1");

    assertThat(games.gameOf("a")).isNull();
  }

  @Test
  void anAddressIsTrustedAgainWhenOnlyOneGameWasHeardOfForAWhile() {
    games.seen("a", "g1");
    games.seen("a", "g2");
    games.seen("a", "g1");

    pass(Duration.ofSeconds(31));
    games.seen("a", "g1");

    assertThat(games.gameOf("a")).isEqualTo("g1");
  }

  @Test
  void aGameThatIsTakenUpAgainMuchLaterIsTrustedAtOnce() {
    games.seen("a", "g1");
    games.seen("a", "g2");

    pass(Duration.ofSeconds(31));
    games.seen("a", "g1");

    assertThat(games.gameOf("a")).isEqualTo("g1");
  }

  @Test
  void theSendersThatWereUnheardForLongestMakeRoomForOthers() {
    games.seen("a", "g");
    games.seen("b", "g");
    games.seen("c", "g");
    games.seen("a", "g");
    games.seen("d", "g");

    assertThat(games.gameOf("b")).isNull();
    assertThat(games.gameOf("a")).isEqualTo("g");
    assertThat(games.gameOf("d")).isEqualTo("g");
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
