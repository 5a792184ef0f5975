package io.jimbot.eventbus.bench.cost;

/**
 * One way to do a piece of work.
 *
 * @param name how the table calls it
 * @param work does it once, and returns something that depends on all of it
 */
public record Candidate(String name, Work work) {

  /** The work. */
  @FunctionalInterface
  public interface Work {
    /** Does it once. */
    int run() throws Exception;
  }
}
