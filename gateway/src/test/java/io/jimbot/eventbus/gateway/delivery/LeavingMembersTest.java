package io.jimbot.eventbus.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LeavingMembersTest {

  private final CountDownLatch left = new CountDownLatch(1);
  private final LeavingMembers leaving = new LeavingMembers();

  private Thread member() {
    Thread member =
        new Thread(
            () -> {
              try {
                left.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    member.setDaemon(true);
    member.start();
    leaving.add(member);
    return member;
  }

  @Test
  void whoStopsWaitsForMembersThatHaveLeftTheirSubscriptionsAlready() throws Exception {
    Thread first = member();
    Thread second = member();
    Thread stopping =
        new Thread(
            () -> {
              try {
                leaving.await(Duration.ofMinutes(5));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    stopping.start();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> stopping.getState() == Thread.State.TIMED_WAITING);

    left.countDown();
    stopping.join();
    assertThat(first.isAlive() || second.isAlive()).isFalse();
  }

  @Test
  void nobodyIsWaitedForLongerThanThePatienceOfAll() throws Exception {
    Thread first = member();
    Thread second = member();
    leaving.await(Duration.ofMillis(50));

    assertThat(first.isAlive() && second.isAlive()).isTrue();
    left.countDown();
  }
}
