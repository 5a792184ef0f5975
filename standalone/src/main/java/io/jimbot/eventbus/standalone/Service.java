package io.jimbot.eventbus.standalone;

/** Something that has been started and can be stopped. */
interface Service extends AutoCloseable {

  /** Stops it, in bounded time; callable twice; does not throw. */
  @Override
  void close();
}
