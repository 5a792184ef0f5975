package io.jimbot.eventbus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jimbot.eventbus.wire.RegistryState.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RegistryBreakerTest {

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final RegistryBreaker breaker =
      new RegistryBreaker(nanos::get, Duration.ofSeconds(1), Duration.ofSeconds(3));

  private void passes(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private int fail() throws RegistryException {
    asked.incrementAndGet();
    throw RegistryException.unreachable("no answer", null);
  }

  private void askInVain() {
    assertThatThrownBy(() -> breaker.guard(this::fail)).isInstanceOf(RegistryException.class);
  }

  @Test
  void aRegistryThatFailedIsNotAskedBeforeItsPauseIsOver() {
    askInVain();
    askInVain();
    assertThat(asked).hasValue(1);

    passes(Duration.ofSeconds(1));
    askInVain();
    assertThat(asked).hasValue(2);
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    for (int seconds : new int[] {1, 2, 3, 3}) {
      int before = asked.get();
      askInVain();
      passes(Duration.ofSeconds(seconds).minusNanos(1));
      askInVain();
      assertThat(asked).hasValue(before + 1);
      passes(Duration.ofNanos(1));
    }
  }

  @Test
  void anAnswerEndsTheRow() throws Exception {
    askInVain();
    passes(Duration.ofSeconds(1));
    assertThat(breaker.guard(() -> 5)).isEqualTo(5);
    assertThat(breaker.state()).isEqualTo(new RegistryState(Status.AVAILABLE, "", 1));

    askInVain();
    passes(Duration.ofSeconds(1));
    askInVain();
    assertThat(asked).hasValue(3);
  }

  @Test
  void theStateTellsWhetherItIsAwayOrSaysNo() {
    assertThat(breaker.state().status()).isEqualTo(Status.STARTING);
    askInVain();
    assertThat(breaker.state()).isEqualTo(new RegistryState(Status.AWAY, "no answer", 1));

    passes(Duration.ofSeconds(1));
    assertThatThrownBy(
            () ->
                breaker.guard(
                    () -> {
                      throw RegistryException.refused("not allowed", 403, null);
                    }))
        .hasMessage("not allowed");
    assertThat(breaker.state()).isEqualTo(new RegistryState(Status.REFUSING, "not allowed", 2));
  }
}
