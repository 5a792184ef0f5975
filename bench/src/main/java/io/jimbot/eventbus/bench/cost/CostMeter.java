package io.jimbot.eventbus.bench.cost;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures candidates in turns, round after round, so that a change of the machine's mood meets all
 * of them, and takes each one's median. Counts this thread's CPU time, not the time on the wall:
 * another process on the machine may delay it and does not add to it. Used by one thread.
 */
public final class CostMeter {

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final int rounds;
  private final long roundNanos;

  /** Takes the results in, so that no work can be left out. */
  private int sink;

  /**
   * Measures that many rounds, each so long for each candidate; as many go before, for the
   * compiler.
   */
  public CostMeter(int rounds, Duration round) {
    this.rounds = rounds;
    this.roundNanos = round.toNanos();
  }

  /** The costs of the candidates, in their order. */
  public List<Cost> measure(List<Candidate> candidates) throws Exception {
    List<List<Cost>> costs =
        candidates.stream().map(c -> (List<Cost>) new ArrayList<Cost>()).toList();
    for (int round = -rounds; round < rounds; round++) {
      for (int i = 0; i < candidates.size(); i++) {
        Cost cost = once(candidates.get(i).work());
        if (round >= 0) {
          costs.get(i).add(cost);
        }
      }
    }
    return costs.stream().map(CostMeter::median).toList();
  }

  private Cost once(Candidate.Work work) throws Exception {
    long thread = Thread.currentThread().getId();
    long bytes = threads.getThreadAllocatedBytes(thread);
    long start = threads.getCurrentThreadCpuTime();
    long times = 0;
    long nanos;
    do {
      for (int i = 0; i < 64; i++) {
        sink += work.run();
      }
      times += 64;
      nanos = threads.getCurrentThreadCpuTime() - start;
    } while (nanos < roundNanos);
    double allocated = threads.getThreadAllocatedBytes(thread) - bytes;
    return new Cost((double) nanos / times, allocated / times);
  }

  /** What the work has returned, summed up. */
  public int sink() {
    return sink;
  }

  private static Cost median(List<Cost> costs) {
    return new Cost(
        median(costs.stream().mapToDouble(Cost::nanos).toArray()),
        median(costs.stream().mapToDouble(Cost::bytes).toArray()));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
