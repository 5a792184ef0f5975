package io.jimbot.eventbus.processor.replay;

/** The time that replays go by, and how they wait for it to pass. Thread-safe. */
interface ReplayTime {

  /** The machine's. */
  ReplayTime SYSTEM =
      new ReplayTime() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void await(ReplayControl control, long nanos) throws InterruptedException {
          control.await(nanos);
        }
      };

  /** A monotonic clock, in nanoseconds. */
  long nanos();

  /** Waits for that long, or until something else is wanted. */
  void await(ReplayControl control, long nanos) throws InterruptedException;
}
