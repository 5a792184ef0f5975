package io.jimbot.eventbus.service.process;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Starts a service. */
@FunctionalInterface
public interface ServiceStarter {

  /**
   * Returns when the service runs.
   *
   * @param config the user's YAML; null for the defaults
   * @throws Exception if it does not start, with a message for a person; nothing is left running
   *     then
   */
  Service start(@Nullable Path config) throws Exception;
}
