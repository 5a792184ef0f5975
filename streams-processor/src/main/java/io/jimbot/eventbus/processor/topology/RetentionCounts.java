package io.jimbot.eventbus.processor.topology;

/** Told what became of the events of the log. Called on the topology's threads; must not wait. */
public interface RetentionCounts {

  /** Kept in a class. */
  void kept(String className);

  /** Dropped as a repetition of one before. */
  void repeated();

  /** Dropped because its time was over. */
  void expired();

  /** A state that came after a newer one of its game. */
  void outdatedState();

  /** A state that is larger than the topic of the newest states takes. */
  void oversizedState();
}
