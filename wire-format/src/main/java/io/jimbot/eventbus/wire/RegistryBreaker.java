package io.jimbot.eventbus.wire;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jimbot.eventbus.wire.RegistryState.Status;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a registry that fails from being asked again at once: after each failure in a row the pause
 * doubles, and whoever asks meanwhile is answered with the failure. Thread-safe.
 */
final class RegistryBreaker {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryBreaker.class);

  private final LongSupplier nanoClock;
  private final Duration leastPause;
  private final Duration mostPause;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private RegistryState state = new RegistryState(Status.STARTING, "", 0);

  /** Of the last attempt; null if it succeeded. */
  @GuardedBy("lock")
  private @Nullable RegistryException failure;

  @GuardedBy("lock")
  private Duration pause;

  @GuardedBy("lock")
  private long openUntilNanos;

  RegistryBreaker(LongSupplier nanoClock, Duration leastPause, Duration mostPause) {
    this.nanoClock = nanoClock;
    this.leastPause = leastPause;
    this.mostPause = mostPause;
    this.pause = leastPause;
  }

  static RegistryBreaker of(RegistryProperties properties) {
    return new RegistryBreaker(System::nanoTime, properties.retryWait(), properties.retryMaxWait());
  }

  /** Something to ask the registry. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws RegistryException;
  }

  /**
   * Asks, and takes note of how it went.
   *
   * @throws RegistryException if the registry fails, or failed and the pause is not over
   */
  <T> T guard(Question<T> question) throws RegistryException {
    check();
    try {
      T answer = question.ask();
      succeeded();
      return answer;
    } catch (RegistryException e) {
      failed(e);
      throw e;
    }
  }

  private void check() throws RegistryException {
    synchronized (lock) {
      if (failure != null && nanoClock.getAsLong() - openUntilNanos < 0) {
        throw failure;
      }
    }
  }

  /** Takes note of an answer that was not asked for here. */
  void succeeded() {
    synchronized (lock) {
      failure = null;
      pause = leastPause;
      become(Status.AVAILABLE, "", state.failures());
    }
  }

  /** The same for a failure; the pause begins. */
  void failed(RegistryException e) {
    synchronized (lock) {
      failure = e;
      openUntilNanos = nanoClock.getAsLong() + pause.toNanos();
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(mostPause) < 0 ? doubled : mostPause;
      become(
          e.refused() ? Status.REFUSING : Status.AWAY,
          String.valueOf(e.getMessage()),
          state.failures() + 1);
    }
  }

  RegistryState state() {
    synchronized (lock) {
      return state;
    }
  }

  @GuardedBy("lock")
  private void become(Status status, String message, long failures) {
    Status before = state.status();
    state = new RegistryState(status, message, failures);
    if (before == status) {
      return;
    }
    if (status == Status.AVAILABLE) {
      LOG.info("schema registry state from={} to={}", before, status);
    } else {
      LOG.warn("schema registry state from={} to={} message={}", before, status, message);
    }
  }
}
