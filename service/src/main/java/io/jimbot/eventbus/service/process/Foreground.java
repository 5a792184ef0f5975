package io.jimbot.eventbus.service.process;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a service running until the process is asked to end, by SIGTERM, ctrl-C or a fatal fault,
 * and owns the only shutdown hook. The thread that started the service stops it; the hook asks it
 * to, waits, and ends the process with the right code: 0 after a signal, where the JVM's own would
 * be 143, and 1 after a fault. For one run.
 */
public final class Foreground {

  private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);

  /** More than the longest that the settings of the gateway and the broker's own stop allow. */
  private static final Duration LONGEST_STOP = Duration.ofMinutes(15);

  private static final int ENDED_AS_ASKED = 0;
  private static final int FAILED = 1;

  /** The exit code, once it is clear that the process ends; the first one stands. */
  private final CompletableFuture<Integer> ending = new CompletableFuture<>();

  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * Starts, waits, stops.
   *
   * @return the exit code
   * @throws Exception what {@code start} throws
   */
  public int run(Callable<? extends Service> start) throws Exception {
    Thread hook = new Thread(this::endBySignal, "eventbus-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (Service running = start.call()) {
      int code = ending.join();
      LOG.info("Stopping");
      return code;
    } finally {
      stopped.countDown();
      remove(hook);
    }
  }

  /** Ends the run because the service cannot go on. */
  public void fail(Throwable fault) {
    LOG.error("Stopping after a fatal fault: {}", fault.getMessage());
    ending.complete(FAILED);
  }

  private void endBySignal() {
    ending.complete(ENDED_AS_ASKED);
    int code = FAILED;
    try {
      if (stopped.await(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        code = ending.join();
      } else {
        LOG.error("Not stopped within {} s; ending the process as it is", LONGEST_STOP.toSeconds());
      }
    } catch (InterruptedException e) {
      LOG.error("Interrupted while stopping; ending the process as it is");
    }
    Runtime.getRuntime().halt(code);
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The hook is at work: it ends the process");
    }
  }
}
