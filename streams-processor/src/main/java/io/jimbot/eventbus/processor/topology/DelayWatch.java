package io.jimbot.eventbus.processor.topology;

/** Told of what happens to delayed events, on the threads of the topology. */
public interface DelayWatch {

  /**
   * An event was put into the log.
   *
   * @param lateMillis how long after its time
   */
  void delivered(long lateMillis);

  /** So many events were cancelled. */
  void cancelled(int events);

  /** The time of an event was over before it could be put into the log. */
  void expired();

  /** How many events of a partition wait now, and their bytes; 0 if it is another's now. */
  void waiting(int partition, long events, long bytes);
}
