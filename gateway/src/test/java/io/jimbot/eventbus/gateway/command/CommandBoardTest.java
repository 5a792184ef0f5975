package io.jimbot.eventbus.gateway.command;

import static io.jimbot.eventbus.gateway.command.TestBoard.NOW;
import static io.jimbot.eventbus.gateway.command.TestBoard.THEM;
import static io.jimbot.eventbus.gateway.command.TestBoard.US;
import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.eventbus.gateway.command.CommandBoard.Claim;
import io.jimbot.eventbus.gateway.command.CommandBoard.Poll;
import io.jimbot.eventbus.gateway.command.CommandBoard.Settled;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who gets a command. */
final class CommandBoardTest {

  private final TestBoard board = new TestBoard();

  @Test
  void aCommandWhoseFirstClaimIsOursIsHandedOutOnceAndOnlyThen() {
    board.read("a", NOW);
    Poll poll = new Poll();

    List<Claim> claims = board.board.open(poll, null, 10, NOW);
    List<Settled> settled = board.board.claimRead("a", US, NOW);

    assertThat(claims).containsExactly(new Claim("a", 0));
    assertThat(settled).hasSize(1);
    assertThat(settled.get(0).poll()).isSameAs(poll);
    assertThat(TestBoard.ids(settled.get(0))).containsExactly("a");
    assertThat(board.board.size()).isZero();
    assertThat(board.poll(null)).isEmpty();
    assertThat(board.count("handed_out")).isEqualTo(1);
  }

  @Test
  void aCommandWhoseFirstClaimIsAnothersIsGoneAlthoughOursFollows() {
    board.read("a", NOW);
    board.board.open(new Poll(), null, 10, NOW);

    List<Settled> settled = board.board.claimRead("a", THEM, NOW);
    List<Settled> afterwards = board.board.claimRead("a", US, NOW);

    assertThat(TestBoard.ids(settled.get(0))).isEmpty();
    assertThat(afterwards).isEmpty();
    assertThat(board.board.size()).isZero();
    assertThat(board.count("claims_lost")).isEqualTo(1);
  }

  @Test
  void anothersClaimAfterOursChangesNothing() {
    board.read("a", NOW);
    board.read("b", NOW.plusMillis(1));
    Poll poll = new Poll();
    board.board.open(poll, null, 10, NOW);
    board.board.claimRead("a", US, NOW);

    List<Settled> onTheirs = board.board.claimRead("a", THEM, NOW);
    List<Settled> settled = board.board.claimRead("b", US, NOW);

    assertThat(onTheirs).isEmpty();
    assertThat(TestBoard.ids(settled.get(0))).containsExactly("a", "b");
  }

  @Test
  void twoPollsNeverClaimTheSameCommand() {
    board.read("a", NOW);
    board.read("b", NOW.plusMillis(1));

    List<Claim> first = board.board.open(new Poll(), null, 1, NOW);
    List<Claim> second = board.board.open(new Poll(), null, 10, NOW);
    List<Claim> third = board.board.open(new Poll(), null, 10, NOW);

    assertThat(first).containsExactly(new Claim("a", 0));
    assertThat(second).containsExactly(new Claim("b", 0));
    assertThat(third).isEmpty();
  }

  @Test
  void aClaimWonAfterItsPollWasAnsweredIsKeptForTheNext() {
    board.read("a", NOW);
    Poll impatient = new Poll();
    board.board.open(impatient, null, 10, NOW);

    Settled early = Objects.requireNonNull(board.board.giveUp(impatient, NOW));
    List<String> meanwhile = board.poll(null);
    board.board.claimRead("a", US, NOW);
    List<String> next = board.poll(null);

    assertThat(early.commands()).isEmpty();
    assertThat(meanwhile).isEmpty();
    assertThat(next).containsExactly("a");
    assertThat(board.board.giveUp(impatient, NOW)).isNull();
  }

  @Test
  void nothingOvertakesACommandThatIsUndecided() {
    board.read("a", NOW);
    board.read("b", NOW.plusMillis(1));
    Poll poll = new Poll();
    board.board.open(poll, null, 10, NOW);
    board.board.claimRead("b", US, NOW);

    Settled early = Objects.requireNonNull(board.board.giveUp(poll, NOW));
    List<String> meanwhile = board.poll(null);
    board.board.claimRead("a", US, NOW);
    List<String> next = board.poll(null);

    assertThat(early.commands()).isEmpty();
    assertThat(meanwhile).isEmpty();
    assertThat(next).containsExactly("a", "b");
  }

  @Test
  void aCommandWhoseClaimFailedWaitsOnAndIsClaimedAgain() {
    board.read("a", NOW);
    board.board.open(new Poll(), null, 10, NOW);

    List<Settled> settled = board.board.claimFailed("a", NOW);
    List<Claim> again = board.board.open(new Poll(), null, 10, NOW);

    assertThat(TestBoard.ids(settled.get(0))).isEmpty();
    assertThat(again).containsExactly(new Claim("a", 0));
  }

  @Test
  void aClaimThatSeemedToFailAndWasStoredCounts() {
    board.read("a", NOW);
    board.board.open(new Poll(), null, 10, NOW);
    board.board.claimFailed("a", NOW);

    board.board.claimRead("a", US, NOW);

    assertThat(board.poll(null)).containsExactly("a");
  }

  @Test
  void afterItsPlaceWasLostAHandedOutCommandThatIsReadAgainStaysHandedOut() {
    board.read("a", NOW);
    board.board.open(new Poll(), null, 10, NOW);
    board.board.claimRead("a", US, NOW);

    board.board.startAnew("us, anew", NOW);
    board.read("a", NOW);
    List<Claim> claims = board.board.open(new Poll(), null, 10, NOW);
    List<Settled> settled = board.board.claimRead("a", US, NOW);
    board.board.claimRead("a", "us, anew", NOW);

    assertThat(claims).hasSize(1);
    assertThat(TestBoard.ids(settled.get(0))).isEmpty();
    assertThat(board.poll(null)).isEmpty();
  }

  @Test
  void losingThePlaceAnswersThePollsThatWaitAndKeepsWhatIsWon() {
    board.read("a", NOW);
    board.read("b", NOW.plusMillis(1));
    Poll first = new Poll();
    board.board.open(first, null, 1, NOW);
    board.board.giveUp(first, NOW);
    board.board.claimRead("a", US, NOW);
    Poll second = new Poll();
    board.board.open(second, "other", 10, NOW);

    List<Settled> settled = board.board.startAnew("us, anew", NOW);

    assertThat(settled).hasSize(1);
    assertThat(TestBoard.ids(settled.get(0))).containsExactly("a");
    assertThat(board.board.size()).isZero();
  }
}
