package io.jimbot.eventbus.bench.load;

import java.io.IOException;

/** Takes requests and tells when each is done. Used by one thread; whoever makes it closes it. */
public interface Target extends AutoCloseable {

  /** Told of a request that is done. */
  @FunctionalInterface
  interface Completion {
    /**
     * A request is done.
     *
     * @param slot as in {@link #send}
     * @param succeeded whether all of its events were acknowledged
     * @param nanoTime when it was done
     */
    void completed(int slot, boolean succeeded, long nanoTime);
  }

  /**
   * Sends a request without waiting for its outcome.
   *
   * @param slot names the request until it is done; it has no other until then
   * @param number counts the requests from 0, and chooses what is sent
   * @param dueNanoTime when it is meant to leave
   */
  void send(int slot, long number, long dueNanoTime) throws IOException;

  /**
   * Waits until a request is done or {@link System#nanoTime} has reached a time, and tells of all
   * that are done.
   */
  void await(long untilNanoTime, Completion completion) throws IOException;

  @Override
  void close() throws IOException;
}
