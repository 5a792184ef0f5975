package io.jimbot.eventbus.processor.http;

import io.jimbot.eventbus.service.settings.Setting;

/**
 * Where the processor's state is served.
 *
 * @param bindHost the address to listen on
 * @param port 1 to 65535, 0 for any free one, -1 for none
 */
public record HttpSettings(String bindHost, int port) {

  private static final int HIGHEST_PORT = 65_535;

  /** Checks the values. */
  public HttpSettings {
    if (bindHost == null || bindHost.isBlank()) {
      throw new IllegalArgumentException("http.bindHost must be given, for example 127.0.0.1");
    }
    Setting.between("http.port", port, -1, HIGHEST_PORT);
  }

  /** Whether anything is served. */
  public boolean enabled() {
    return port >= 0;
  }
}
