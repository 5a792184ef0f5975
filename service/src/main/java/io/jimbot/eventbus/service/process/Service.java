package io.jimbot.eventbus.service.process;

/** Something that has been started and can be stopped. */
public interface Service extends AutoCloseable {

  /** Stops it, in bounded time; callable twice; does not throw. */
  @Override
  void close();
}
