package io.jimbot.eventbus.gateway.command;

import static io.jimbot.eventbus.gateway.command.TestBoard.CAPACITY;
import static io.jimbot.eventbus.gateway.command.TestBoard.LATER;
import static io.jimbot.eventbus.gateway.command.TestBoard.NOW;
import static io.jimbot.eventbus.gateway.command.TestBoard.US;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.command.CommandBoard.Claim;
import io.jimbot.eventbus.gateway.command.CommandBoard.Poll;
import io.jimbot.eventbus.gateway.command.CommandBoard.Settled;
import io.jimbot.events.v1.Command;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** For whom, in which order, how long and how many. */
final class CommandBoardBoundsTest {

  private final TestBoard board = new TestBoard();

  @Test
  void onlyAPollOfItsGameGetsACommandForAGame() {
    board.read(TestBoard.command("mine", NOW).setGameId("g1").build(), 0);
    board.read("anyones", NOW.plusMillis(1));

    assertThat(board.claimable("g2")).containsExactly("anyones");
    assertThat(board.claimable(null)).isEmpty();
    assertThat(board.claimable("g1")).containsExactly("mine");
  }

  @Test
  void commandsOfAPartitionKeepTheOrderOfTheLogAgainstSkewedClocks() {
    board.read("first", NOW.plusSeconds(1));
    board.read("second", NOW);
    board.read(TestBoard.command("third, elsewhere", NOW.plusSeconds(2)).build(), 1);

    assertThat(board.claimable(null)).containsExactly("first", "second", "third, elsewhere");
  }

  @Test
  void commandsOfDifferentPartitionsAreMergedByTheTimeOfTheirIssue() {
    board.read(TestBoard.command("late", NOW.plusMillis(1)).build(), 0);
    board.read(TestBoard.command("early", NOW).build(), 1);

    assertThat(board.claimable(null)).containsExactly("early", "late");
  }

  @Test
  void anExpiredCommandIsNotHandedOutAndIsCounted() {
    board.read("a", NOW);

    List<Claim> claims = board.board.open(new Poll(), null, 10, LATER);
    board.board.expire(LATER);

    assertThat(claims).isEmpty();
    assertThat(board.board.size()).isZero();
    assertThat(board.count("expired")).isEqualTo(1);
  }

  @Test
  void aCommandThatExpiresWhileItIsClaimedIsNotHandedOut() {
    board.read("a", NOW);
    board.board.open(new Poll(), null, 10, NOW);

    List<Settled> settled = board.board.claimRead("a", US, LATER);
    board.board.expire(LATER);

    assertThat(TestBoard.ids(settled.get(0))).isEmpty();
    assertThat(board.count("handed_out")).isZero();
    assertThat(board.count("expired")).isEqualTo(1);
  }

  @Test
  void aCommandThatSaysItLivesForYearsIsForgottenAfterTheLongestLife() {
    Command eternal =
        TestBoard.command("a", NOW)
            .setExpiresAt(CommandRecords.timestamp(NOW.plus(Duration.ofDays(4000))))
            .build();
    board.read(eternal, 0);

    board.board.expire(NOW.plus(Duration.ofMinutes(10)));

    assertThat(board.board.size()).isZero();
  }

  @Test
  void commandsBeyondTheCapacityAreNotKeptAndAreCounted() {
    for (int i = 0; i < CAPACITY + 3; i++) {
      board.read("c" + i, NOW.plusMillis(i));
    }

    assertThat(board.board.size()).isEqualTo(CAPACITY);
    assertThat(board.count("overflowed")).isEqualTo(3);
  }
}
