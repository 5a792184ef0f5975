package io.jimbot.eventbus.processor.kafka;

import io.jimbot.eventbus.wire.RegistryException;
import java.util.List;

/**
 * One piece of the processor's work that starts, runs and stops by itself. Its topics are there
 * before it starts. Made without I/O; started and closed by the server, asked from any thread.
 */
public interface Part extends AutoCloseable {

  /** Its name, in lower case with hyphens: a label of metrics, a part of application ids. */
  String name();

  /** Topics that it owns: they are made when they are missing. */
  List<TopicSpec> ownTopics();

  /** Topics that others make, without which it cannot start. */
  List<String> neededTopics();

  /**
   * Starts its work and returns soon. Called once; again, after a pause, if it throws.
   *
   * @throws RegistryException if the form of what it writes is not known yet
   * @throws RuntimeException if it cannot start now; nothing is left running then
   */
  void start() throws RegistryException;

  /** Whether it does its work now. Cheap. */
  PartReadiness readiness();

  /** Stops, in bounded time; callable twice, and without a start; does not throw. */
  @Override
  void close();
}
