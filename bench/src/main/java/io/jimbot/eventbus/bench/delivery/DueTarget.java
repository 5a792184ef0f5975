package io.jimbot.eventbus.bench.delivery;

import io.jimbot.eventbus.bench.load.Payload;
import io.jimbot.eventbus.bench.load.Target;
import java.io.IOException;

/** Notes when the events of each request were meant to leave. */
record DueTarget(Target target, Payload payload, Arrivals arrivals) implements Target {

  @Override
  public void send(int slot, long number, long dueNanoTime) throws IOException {
    int index = (int) (number % payload.requests().size());
    int events = payload.requests().get(index).events().size();
    for (int i = 0; i < events; i++) {
      arrivals.sent(index * events + i, dueNanoTime);
    }
    target.send(slot, number, dueNanoTime);
  }

  @Override
  public void await(long untilNanoTime, Completion completion) throws IOException {
    target.await(untilNanoTime, completion);
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
