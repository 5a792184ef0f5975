package io.jimbot.eventbus.wire;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon thread {@code schema-registry-watch}: looks at the registry in intervals. */
final class RegistryWatch implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryWatch.class);

  private final Runnable look;
  private final Duration interval;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this, "schema-registry-watch");

  RegistryWatch(Runnable look, Duration interval) {
    this.look = look;
    this.interval = interval;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  @Override
  public void run() {
    try {
      while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        tick();
      }
    } catch (InterruptedException e) {
      LOG.debug("registry watch interrupted");
    }
  }

  private void tick() {
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.error("bug: the look at the schema registry threw", e);
    }
  }

  /** Does not wait for the thread, which holds nothing. */
  void close() {
    stop.countDown();
    thread.interrupt();
  }
}
